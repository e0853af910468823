import { KeystoneLdapError } from '../errors.ts';
import { admitIdentities } from '../identities/check/admit-identities.ts';
import { divideIdentities } from '../identities/entries/divide-identities.ts';
import type { Identities } from '../identities/identities.ts';
import { FEWEST_ROUNDS } from '../identities/passwords/password-hash.ts';
import { requireKeptIds, unkeptIds } from '../identities/check/unkept-ids.ts';
import type { IdentityTarget } from '../plan/identities/plan-identities.ts';
import type { PasswordPolicy } from '../plan/identities/diff-entry.ts';
import { passwordPolicy } from '../plan/identities/password-policy.ts';
import type { StreamTarget } from '../plan/stream/stream-target.ts';
import type { Release } from '../releases/release.ts';

/** How identities are written. */
export interface IdentityModes {
  /** Overwrites the passwords of users that exist. */
  readonly resetPasswords?: boolean | undefined;
  /** Stores a second value by which users can bind to the directory too (2011.3 and later). */
  readonly bindablePasswords?: boolean | undefined;
  /** Writes names that the release cannot live with, and warns of them. */
  readonly allowUnsafeNames?: boolean | undefined;
  /** Goes on although ids cannot be kept, and become others. */
  readonly newIds?: boolean | undefined;
}

export interface SeedTarget {
  readonly target: IdentityTarget;
  /** What the release keeps elsewhere. */
  readonly left: Identities;
  readonly remarks: readonly string[];
}

/**
 * What `seed` is to write, once the names are known to be such that Keystone survives them.
 * @throws `UNSAFE_NAME`, `IDS_NOT_KEPT`, `USAGE`
 */
export function seedTarget(what: Omit<IdentityTarget, 'passwords'>, modes: IdentityModes): SeedTarget {
  const { release, trees } = what;
  const allowUnsafeNames = modes.allowUnsafeNames === true;
  const { held, left, remarks } = admitIdentities(what.identities, { release, trees, allowUnsafeNames });
  const idRemarks = requireKeptIds(unkeptIds(left, what.identities.domains), modes.newIds === true);
  const { passwords, remarks: passwordRemarks } = seedPasswords(release, modes);
  return {
    left,
    target: { release, trees, identities: held, passwords },
    remarks: [...remarks, ...idRemarks, ...passwordRemarks],
  };
}

/** The same for users that come as a stream, and are looked at as they come. @throws `USAGE` */
export function streamTarget(
  what: Omit<StreamTarget, 'passwords' | 'allowUnsafeNames' | 'newIds'>,
  modes: IdentityModes,
): { readonly target: StreamTarget; readonly remarks: readonly string[] } {
  const { release, trees, source, identities } = what;
  // The password of those who are generated is told on the terminal.
  const rounds = source.isSound === true ? FEWEST_ROUNDS : undefined;
  const { passwords, remarks } = seedPasswords(release, modes, rounds);
  const { allowUnsafeNames = false, newIds = false } = modes;
  const { left } = divideIdentities(identities, release.layout);
  const idRemarks = requireKeptIds(unkeptIds(left, identities.domains), newIds);
  const target = { release, trees, source, identities, passwords, allowUnsafeNames, newIds };
  return { target, remarks: [...remarks, ...idRemarks] };
}

/** @throws `USAGE` */
function seedPasswords(
  { name, layout }: Release,
  { resetPasswords: reset = false, bindablePasswords: bindable = false }: IdentityModes,
  rounds?: number,
): { readonly passwords: PasswordPolicy; readonly remarks: readonly string[] } {
  const { password } = layout.user;
  if (bindable && password !== 'sha512-crypt')
    throw new KeystoneLdapError('USAGE', `--bindable-passwords is of no use: users of ${name} bind anyway.`);
  return {
    passwords: passwordPolicy(password, { reset, bindable, rounds }),
    remarks: bindable ? [BINDABLE] : [],
  };
}

const BINDABLE =
  'warning: a bare $6$ value is clear text to the server, so that whoever reads the hash can bind with its text; let only Keystone read userPassword.';

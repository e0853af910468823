import { hashSha512Crypt, verifySha512Crypt } from '../../identities/passwords/password-hash.ts';
import { sshaPassword, verifySshaPassword } from '../../directory/ssha-password.ts';
import type { PasswordForm } from '../../releases/release.ts';
import { Secret } from '../../secret.ts';
import type { PasswordPolicy } from './diff-entry.ts';

export interface PasswordOptions {
  /** Whether users that exist get the password too. */
  readonly reset?: boolean;
  /**
   * A second value `{CRYPT}$6$…` behind the bare hash, so that users can also bind to the directory. The first value
   * stays what 2011.3 compares; slapd keeps the order, LDAP does not promise it.
   */
  readonly bindable?: boolean;
  /** Of SHA-512-crypt, at least 1,000; as many as Keystone takes unless told. A throw-away server needs few. */
  readonly rounds?: number | undefined;
}

/** How a release of this form stores passwords and knows them again. */
export function passwordPolicy(form: PasswordForm, options: PasswordOptions = {}): PasswordPolicy {
  const { reset = false } = options;
  const { stored, holds } = POLICIES[form](options);
  return { stored: remembering(stored), holds, reset };
}

/** Very many generated users share one password, whose hash takes long to make. */
function remembering(stored: Policy['stored']): Policy['stored'] {
  let last: { readonly password: Secret; readonly values: readonly Secret[] } | undefined;
  return (password) => {
    if (last?.password !== password) last = { password, values: stored(password) };
    return last.values;
  };
}

type Policy = Omit<PasswordPolicy, 'reset'>;

const POLICIES: Readonly<Record<PasswordForm, (options: PasswordOptions) => Policy>> = {
  clear: asGiven,
  compared: asGiven,
  'sha512-crypt': crypted,
  ssha: () => ({
    stored: (password) => [new Secret(sshaPassword(password))],
    holds: ([hash = ''], password) => verifySshaPassword(password, new Secret(hash)),
  }),
};

function asGiven(): Policy {
  return {
    stored: (password) => [password],
    holds: (values, password) => values.length === 1 && values[0] === password.reveal(),
  };
}

function crypted({ bindable = false, rounds }: PasswordOptions): Policy {
  return {
    stored: (password) => {
      const hash = hashSha512Crypt(password, rounds);
      return bindable ? [hash, withScheme(hash.reveal())] : [hash];
    },
    holds: (values, password) => {
      const [hash = '', second] = values;
      return second === (bindable ? withScheme(hash).reveal() : undefined) && verifies(hash, password);
    },
  };
}

function withScheme(hash: string): Secret {
  return new Secret(`{CRYPT}${hash}`);
}

function verifies(hash: string, password: Secret): boolean {
  return verifySha512Crypt(password, new Secret(hash));
}

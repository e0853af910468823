import type { Problem } from '../../errors.ts';
import type { ReleaseName } from '../../releases/catalogue.ts';
import { TREE_KINDS, type TreeKind } from '../../releases/default-trees.ts';
import { ldapOptionsOf } from '../../releases/ldap-options.ts';
import type { LdapSettings } from '../../releases/layout-options.ts';
import { Secret } from '../../secret.ts';
import { problemAt, type ConfDocument } from '../document/document.ts';
import { effectiveDriver } from './driver-edits.ts';
import { effectiveOption, effectiveTree } from './effective-option.ts';
import { findOptions } from '../document/option-value.ts';

/** What a release from Essex on takes from keystone.conf, or from the file of a domain. */
export interface ModernConf {
  readonly urls: readonly string[];
  /** Absent, or with an empty one, Keystone binds as nobody. */
  readonly account: { readonly user: string; readonly password: Secret } | undefined;
  readonly trees: Readonly<Record<TreeKind, string>>;
  /** Every option of `[ldap]` with the value that is in effect. */
  readonly options: LdapSettings;
  /** Whether users come from LDAP at all, and whether projects, roles and grants do too. */
  readonly serves: 'nothing' | 'identity' | 'all';
  /** Values that Keystone cannot read, and only tries to when it needs them: `group_members_are_ids`. */
  readonly unreadable: readonly Problem[];
  readonly startTls: boolean;
  readonly caFile: string | undefined;
}

export type ModernConfReading =
  | { readonly conf: ModernConf; readonly problems?: never }
  | { readonly problems: readonly Problem[]; readonly conf?: never };

/** Reads the file as the release does, its own defaults included. */
export function readModernConf(doc: ConfDocument, release: ReleaseName, version?: string): ModernConfReading {
  if (doc.problems.length > 0) return { problems: doc.problems };
  const found = ldapOptionsOf(release, version).map(({ history, name }) => ({
    name,
    ...effectiveOption(doc, release, history),
  }));
  const isOff = (option: string): boolean =>
    found.some(({ name, value, fault }) => name === option && value === false && fault === undefined);
  const faults = found.flatMap(({ name, fault, setAs = name }) => {
    if (isOff(READ_IF_ON[name] ?? '')) return [];
    const line = findOptions(doc, 'ldap', setAs).at(-1)?.line;
    return fault === undefined ? [] : [{ name, problem: problemAt(doc, line, `[ldap] ${setAs}: ${fault}.`) }];
  });
  const isReadEarly = found.some(({ name, value }) => name === EARLY_READER && value === true);
  const isLate = ({ name }: { readonly name: string }): boolean => READ_LATE.has(name) && !isReadEarly;
  const problems = faults.filter((fault) => !isLate(fault)).map(({ problem }) => problem);
  if (problems.length > 0) return { problems };
  const options: LdapSettings = Object.fromEntries(found.map(({ name, value }) => [name, value]));
  const text = (name: string): string | undefined =>
    typeof options[name] === 'string' ? options[name] : undefined;
  const [user, password] = [text('user') ?? '', text('password') ?? ''];
  return {
    conf: {
      // libldap takes commas and blanks.
      urls: (text('url') ?? '').split(/[\s,]+/),
      account: user === '' || password === '' ? undefined : { user, password: new Secret(password) },
      trees: Object.fromEntries(
        TREE_KINDS.map((kind) => [kind, effectiveTree(doc, release, kind)]),
      ) as Record<TreeKind, string>,
      options,
      serves: servedBy(doc, release),
      unreadable: faults.map(({ problem }) => problem),
      startTls: options['use_tls'] === true,
      caFile: text('tls_cacertfile'),
    },
  };
}

/** Options that the driver reads only if another is on (Juno, 2014.2, and later). */
const READ_IF_ON: Readonly<Record<string, string>> = { use_auth_pool: 'use_pool' };
/** Options that the driver reads when it is asked for members, all others when it is made (mitaka to 30.0.0). */
const READ_LATE = new Set(['group_members_are_ids']);
/** With this one, they are read when it is made. */
const EARLY_READER = 'user_enabled_emulation_use_group_config';

function servedBy(doc: ConfDocument, release: ReleaseName): ModernConf['serves'] {
  if (effectiveDriver(doc, release, 'identity') !== 'ldap') return 'nothing';
  return effectiveDriver(doc, release, 'assignment') === 'ldap' ? 'all' : 'identity';
}

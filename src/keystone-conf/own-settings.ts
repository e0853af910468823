import { findInCatalogue, type ReleaseName } from '../releases/catalogue.ts';
import { treeOptionOf } from '../releases/default-trees.ts';
import { ldapOptionsOf } from '../releases/ldap-options.ts';
import type { LdapSettings } from '../releases/layout-options.ts';
import type { Release, Trees } from '../releases/release.ts';
import { Secret } from '../secret.ts';
import type { ConfDocument } from './document/document.ts';
import { effectiveNamed, effectiveOption } from './modern/effective-option.ts';
import { inheritedValue, LDAP_BACKEND, treeOption, TREES } from './legacy/legacy-options.ts';
import { usesLegacyLdap, type LegacyConfStyle } from './legacy/legacy-settings.ts';
import { readLegacyValue } from './legacy/legacy-value.ts';
import { hasAccount, usesLdap } from './modern/modern-ldap.ts';

/** What a file itself sets about LDAP; defaults are left out. */
export interface OwnSettings {
  /** Whether a Keystone with this file finds its users in LDAP already. */
  readonly isUsed: boolean;
  readonly url: string | undefined;
  /** Whether it says how Keystone binds, be it as nobody. */
  readonly hasAccount: boolean;
  readonly user: string | undefined;
  readonly password: Secret | undefined;
  readonly suffix: string | undefined;
  readonly trees: Partial<Trees>;
  /** Options of `[ldap]` with a value that the release can read. */
  readonly options: LdapSettings;
}

/** @throws `CONF_INVALID` */
export function ownSettings(doc: ConfDocument, { name, conf }: Release): OwnSettings {
  if (conf.kind === 'legacy') return legacySettings(doc, conf);
  const entry = findInCatalogue(name);
  if (entry === undefined) throw new Error(`${name} is not in the catalogue`);
  return modernSettings(doc, entry.name);
}

function modernSettings(doc: ConfDocument, release: ReleaseName): OwnSettings {
  const text = (name: string): string | undefined => {
    const { setAs, value } = effectiveNamed(doc, release, name);
    return setAs === undefined ? undefined : String(value ?? '');
  };
  const set = ldapOptionsOf(release).flatMap(({ history, name }) => {
    const { setAs, value, fault } = effectiveOption(doc, release, history);
    return setAs === undefined || fault !== undefined ? [] : [[name, value] as const];
  });
  const trees = (
    [
      ['user', 'user'],
      ['group', 'group'],
      ['tenant', 'project'],
      ['role', 'role'],
      ['domain', 'domain'],
    ] as const
  ).flatMap(([kind, tree]) => {
    const value = text(treeOptionOf(release, tree));
    return value === undefined || value === '' ? [] : [[kind, value] as const];
  });
  const password = text('password');
  return {
    isUsed: usesLdap(doc, release),
    url: text('url'),
    hasAccount: hasAccount(doc, release),
    user: text('user'),
    password: password === undefined ? undefined : new Secret(password),
    suffix: text('suffix'),
    trees: Object.fromEntries(trees),
    options: Object.fromEntries(set),
  };
}

function legacySettings(doc: ConfDocument, { interpolation }: LegacyConfStyle): OwnSettings {
  const text = (option: string): string | undefined => {
    const written = inheritedValue(doc, LDAP_BACKEND, option);
    const reading = written === undefined ? undefined : readLegacyValue(written, interpolation);
    return reading !== undefined && 'value' in reading ? reading.value : written;
  };
  const [user, password] = [text('ldap_user'), text('ldap_password')];
  return {
    isUsed: usesLegacyLdap(doc),
    url: text('ldap_url'),
    hasAccount: user !== undefined,
    user,
    password: password === undefined ? undefined : new Secret(password),
    suffix: undefined,
    trees: Object.fromEntries(
      TREES.flatMap((tree) => {
        const dn = text(treeOption(tree));
        return dn === undefined ? [] : [[tree, dn] as const];
      }),
    ),
    options: {},
  };
}

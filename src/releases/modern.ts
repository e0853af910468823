import { CATALOGUE, isSince, type CatalogueRelease, type ReleaseName } from './catalogue.ts';
import { confParser } from './conf-parser.ts';
import { ldapSections, servingSection } from './driver-options.ts';
import { optionNameIn } from './ldap-options.ts';
import type { LdapSettings } from './layout-options.ts';
import { modernLayout, type Holding } from './modern-layout.ts';
import type { Layout, NameRules, OsloConfStyle, Release, Trees } from './release.ts';

/** What a generation of releases is best run with. */
interface Generation {
  readonly since: ReleaseName;
  /** What LDAP holds unless told otherwise. */
  readonly holding: Holding;
  /** Options by which enabling, members and mail work on the standard schema. */
  readonly options: LdapSettings;
}

const EMULATED: LdapSettings = { user_enabled_emulation: true };
const WRITABLE: LdapSettings = {
  ...EMULATED,
  project_enabled_emulation: true,
  use_dumb_member: true,
  user_mail_attribute: 'mail',
};

/**
 * From Grizzly `enabled` is kept, for which the standard classes have no attribute: hence emulation. The driver that
 * holds projects and roles is deprecated from Kilo and gone with Mitaka. Newton deprecates the placeholder, and from
 * Ocata Keystone only reads.
 */
const GENERATIONS: readonly Generation[] = [
  { since: '2012.1', holding: 'all', options: {} },
  { since: '2013.1', holding: 'all', options: { ...WRITABLE, domain_enabled_emulation: true } },
  { since: '2013.1.2', holding: 'all', options: WRITABLE },
  { since: '2015.1', holding: 'identity', options: WRITABLE },
  { since: 'newton', holding: 'identity', options: EMULATED },
];

/** Options that say by something else than a group who is enabled. */
const SAYS_WHO_IS_ENABLED = [
  'user_enabled_attribute',
  'user_enabled_mask',
  'user_enabled_default',
  'user_enabled_invert',
];

/** Essex to the newest release, oldest first. */
export const MODERN_RELEASES: readonly Release[] = CATALOGUE.map((entry) => modernRelease(entry));

/** A release of the catalogue with other options of `[ldap]`, or with more or less in LDAP, than is usual. */
export function modernRelease(
  entry: CatalogueRelease,
  custom: { readonly options?: LdapSettings; readonly holding?: Holding | undefined } = {},
): Release {
  const generation = GENERATIONS.findLast(({ since }) => isSince(entry.name, since));
  if (generation === undefined) throw new Error(`${entry.name} is of no generation`);
  const holding = custom.holding ?? generation.holding;
  const asked = custom.options ?? {};
  const { options, usual } = settingsOf(entry.name, generation, holding, asked);
  const layout = modernLayout({ release: entry.name, version: entry.version }, options, holding);
  return {
    name: entry.name,
    aliases: entry.aliases,
    ...(entry.version !== undefined && { version: entry.version }),
    title: `Keystone ${entry.name === entry.codename.toLowerCase() ? entry.tag.replace(/\.0\.0$/, '') : entry.name} (${entry.codename})`,
    date: entry.date,
    schema: { kind: 'modules', modules: ['core', 'cosine', 'inetorgperson'] },
    trees: treesOf(layout),
    layout,
    conf: {
      kind: 'oslo',
      parser: confParser(entry.name),
      options,
      usual,
      serves: servesOf(entry.name, holding),
    },
    nameRules: nameRules(entry.name),
  };
}

/** What LDAP may hold: one driver serves everything until Havana splits it, and users and groups only from Mitaka. */
export function possibleHoldings(release: ReleaseName): readonly Holding[] {
  if (servingSection(release, 'assignment') === 'identity') return ['all'];
  return ldapSections(release).length > 1 ? ['identity', 'all'] : ['identity'];
}

/** Options of projects mean nothing where SQL holds them. */
function settingsOf(
  release: ReleaseName,
  { options }: Generation,
  holding: Holding,
  asked: LdapSettings,
): Pick<OsloConfStyle, 'options' | 'usual'> {
  const names = new Set(Object.keys(asked).map((name) => optionNameIn(release, name)));
  const isSaid = SAYS_WHO_IS_ENABLED.some((name) => names.has(name)) || ignoresEnabled(asked);
  const usual = Object.entries(options).filter(
    ([name]) =>
      !names.has(optionNameIn(release, name)) &&
      (holding === 'all' || !name.startsWith('project_')) &&
      !(isSaid && name === 'user_enabled_emulation'),
  );
  return { options: { ...Object.fromEntries(usual), ...asked }, usual: usual.map(([name]) => name) };
}

function ignoresEnabled({ user_attribute_ignore: ignored }: LdapSettings): boolean {
  return Array.isArray(ignored) && ignored.includes('enabled');
}

function treesOf({ tenant, role, group, domain }: Layout): Trees {
  return {
    user: 'ou=Users',
    ...(group && { group: 'ou=UserGroups' }),
    ...(tenant && { tenant: 'ou=Groups' }),
    ...(role && { role: 'ou=Roles' }),
    ...(domain && { domain: 'ou=Domains' }),
  };
}

/** Before Havana the identity driver serves everything. */
function servesOf(release: ReleaseName, holding: Holding): OsloConfStyle['serves'] {
  if (holding === 'identity' || !isSince(release, '2013.2')) return [];
  return isSince(release, '2015.1') ? ['assignment', 'resource', 'role'] : ['assignment'];
}

function nameRules(release: ReleaseName): NameRules {
  return {
    // The fix of Juno; Kilo ended the conversion of values.
    userDnInFilter: !isSince(release, '2014.2'),
    asciiOnly: !isSince(release, '2014.2'),
    convertsValues: !isSince(release, '2015.1'),
    integerColumns: false,
    oneDefaultTenant: false,
  };
}

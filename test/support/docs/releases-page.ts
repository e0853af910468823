import { CATALOGUE } from '../../../src/releases/catalogue.ts';
import { RELEASES } from '../../../src/releases/find-release.ts';
import { modernRelease, possibleHoldings } from '../../../src/releases/modern.ts';
import type { Holding } from '../../../src/releases/modern-layout.ts';
import {
  ENABLED_KINDS,
  type EntryKind,
  type EntryLayout,
  type GrantLayout,
  type Layout,
  type Release,
} from '../../../src/releases/release.ts';
import { confRow } from './conf-row.ts';
import { byRange, code, markdownTable, type Row } from './markdown-table.ts';

/** docs/releases.md, from what `src/releases` knows. */
export async function releasesPage(): Promise<string> {
  const conf: (readonly [string, Row])[] = [];
  for (const release of RELEASES) conf.push([release.name, await confRow(release)]);
  const other: (readonly [string, Row])[] = [];
  for (const release of OTHERWISE) other.push([release.name, await confRow(release)]);
  return [
    '# Releases',
    'What each Keystone wants of LDAP, as `src/releases` has it and `init`, `seed`, `configure` and `verify` go by it. `keystone-ldap releases NAME` tells more of one release: every option of `[ldap]` with its default.',
    '<!-- Made by "UPDATE_DOCS=1 npx vitest run test/unit/docs/releases.test.ts"; the same test without it finds what differs. -->',
    '## Names',
    'A release answers to each of its names; a point release (`22.0.2`, `2013.1.4`) is the newest of its series that the table names.',
    markdownTable(RELEASES.map(nameRow)),
    '## What LDAP holds',
    'Each tree is a container below the suffix. From 2013.2 to Liberty LDAP may hold projects and roles or not: `--ldap-holds all` or `identity` asks for the other of the two. The placeholder is the member that keeps a `groupOfNames` from being empty.',
    markdownTable(byRange(RELEASES.map((release) => [release.name, heldRow(release)]))),
    ...entrySections(),
    '## keystone.conf',
    `\`configure\` writes where the server is, the account and the suffix; a tree where another than the release's own was asked for; TLS options with \`-Z\` or \`--ca-file\`; and what follows, as far as the file does not say it already. The suffix here is \`dc=example,dc=com\`.`,
    markdownTable(byRange(conf)),
    'With the other `--ldap-holds` than is usual:',
    markdownTable(byRange(other)),
  ].join('\n\n');
}

/** Those that can be set up otherwise than is usual, so set up. */
const OTHERWISE: readonly Release[] = CATALOGUE.flatMap((entry) => {
  const usual = heldUsually(entry.name);
  const other = possibleHoldings(entry.name).filter((holding) => holding !== usual);
  return other.map((holding) => modernRelease(entry, { holding }));
});

function heldUsually(release: string): Holding {
  const usual = RELEASES.find(({ name }) => name === release);
  return usual?.layout.tenant === undefined ? 'identity' : 'all';
}

/** With all that LDAP can hold. */
const FULL: readonly Release[] = RELEASES.map(
  (release) =>
    OTHERWISE.find(({ name, layout }) => name === release.name && layout.tenant !== undefined) ?? release,
);

function entrySections(): readonly string[] {
  const section = (title: string, row: (release: Release) => Row | undefined): readonly string[] => {
    const rows = FULL.flatMap((release) => {
      const made = row(release);
      return made === undefined ? [] : [[release.name, made] as const];
    });
    return [title, markdownTable(byRange(rows))];
  };
  const entries = (kind: EntryKind) => (release: Release) => entryRow(release, kind);
  return [
    ...section('### Users', entries('user')),
    ...section('### Groups', entries('group')),
    ...section('### Tenants, later called projects', entries('tenant')),
    ...section('### Roles', entries('role')),
    ...section('### Domains', entries('domain')),
    ...section('### Roles in a tenant', ({ layout }) => layout.grant && grantRow(layout.grant)),
  ];
}

function nameRow({ name, aliases, title, date, schema }: Release): Row {
  return {
    release: code(name),
    Keystone: title.replace(/^Keystone /, ''),
    date,
    'also called': aliases.map(code).join(', '),
    schema: schema.kind === 'revision' ? "Keystone's own" : schema.modules.join(', '),
  };
}

function heldRow({ layout, trees }: Release): Row {
  const tree = (kind: EntryKind): string => (trees[kind] === undefined ? '—' : code(trees[kind]));
  return {
    users: tree('user'),
    groups: tree('group'),
    tenants: tree('tenant'),
    roles: tree('role'),
    domains: tree('domain'),
    'role of members': layout.memberRole === undefined ? '—' : code(layout.memberRole.name),
    placeholder: placeholderText(layout),
  };
}

function placeholderText({ placeholder }: Layout): string {
  if (placeholder === undefined) return '—';
  return `${code(placeholder.dn)}, ${placeholder.use}`;
}

function entryRow({ layout }: Release, kind: EntryKind): Row | undefined {
  const entry = layout[kind];
  if (entry === undefined) return undefined;
  const { user } = layout;
  return {
    'object classes': entry.objectClasses.map(code).join(', '),
    id: entry.id === 'uuid' ? `${code(entry.rdn)}, a UUID` : code(entry.rdn),
    name: code(entry.nameAttribute ?? entry.rdn),
    ...(kind === 'role' ? {} : { description: orNone(entry.description) }),
    ...(kind === 'user' ? { 'e-mail': orNone(user.email), password: PASSWORDS[user.password] } : {}),
    ...(kind === 'user' ? {} : { members: orNone(entry.members) }),
    ...(kind === 'role' || kind === 'domain' ? {} : { 'id of the domain': orNone(entry.domain) }),
    ...(ENABLED_KINDS.some((one) => one === kind) ? { enabled: enabledText(entry) } : {}),
  };
}

const PASSWORDS = {
  clear: 'clear',
  compared: 'clear, no bind',
  'sha512-crypt': 'bare `$6$`, no bind',
  ssha: '`{SSHA}`',
} as const;

function enabledText({ enabled }: EntryLayout): string {
  if (enabled.kind === 'group') return `members of ${code(enabled.rdn)}`;
  return enabled.kind === 'always' ? 'always' : code(enabled.attribute);
}

function grantRow({ objectClasses, rdn, members, roleAttribute }: GrantLayout): Row {
  return {
    'object classes': objectClasses.map(code).join(', '),
    DN: `${code(`${rdn}=ROLE`)} below the tenant`,
    'holders of the role': code(members),
    'DN of the role': orNone(roleAttribute),
  };
}

function orNone(attribute: string | undefined): string {
  return attribute === undefined ? '—' : code(attribute);
}

import { findInCatalogue, type ReleaseName } from '../../releases/catalogue.ts';
import { ldapOptionsOf } from '../../releases/ldap-options.ts';
import { addedIn, isDeprecated, type OptionValue } from '../../releases/option-history.ts';
import { ENTRY_KINDS, type EntryLayout, type Layout, type Release } from '../../releases/release.ts';

/** An option of `[ldap]` in one release, as plain data. */
export interface OptionFact {
  readonly name: string;
  readonly default: Exclude<OptionValue, undefined> | null;
  readonly deprecated: boolean;
  /** Whether this release is the first one with it. */
  readonly isNew: boolean;
}

export interface ReleaseFacts {
  readonly release: Release;
  /** From Essex on. */
  readonly options: readonly OptionFact[] | undefined;
  readonly text: string;
}

/** One line for each release, in columns. */
export function releaseRows(releases: readonly Release[]): readonly string[] {
  const rows = releases.map(({ name, date, aliases, layout }) => [
    name,
    date,
    heldBy(layout),
    aliases.join(' '),
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** All that is known of a release. */
export function releaseFacts(release: Release): ReleaseFacts {
  const entry = findInCatalogue(release.name);
  const options = release.conf.kind === 'oslo' && entry !== undefined ? optionFacts(entry.name) : undefined;
  return {
    release,
    options,
    text: [...head(release), ...kinds(release), ...optionLines(options)].join('\n'),
  };
}

function head({ title, date, aliases, schema, layout }: Release): string[] {
  const modules =
    schema.kind === 'revision' ? `Keystone's own, revision ${schema.revision}` : schema.modules.join(', ');
  return [
    `${title}, ${date}${aliases.length === 0 ? '' : `; also ${aliases.join(', ')}`}`,
    `  LDAP holds   ${heldBy(layout)}`,
    `  schema       ${modules}`,
    `  passwords    ${PASSWORDS[layout.user.password]}`,
    `  placeholder  ${layout.placeholder === undefined ? 'none' : `${layout.placeholder.dn}, ${layout.placeholder.use}`}`,
  ];
}

const PASSWORDS = {
  clear: 'as given; checked by a bind as the user',
  compared: 'as given; Keystone reads and compares them',
  'sha512-crypt': 'a bare $6$ hash, which Keystone reads and compares',
  ssha: 'hashed; checked by a bind as the user',
} as const;

function heldBy(layout: Layout): string {
  const held = ENTRY_KINDS.filter((kind) => layout[kind] !== undefined).map((kind) => `${kind}s`);
  return [...held, ...(layout.grant === undefined ? [] : ['grants'])].join(', ');
}

function kinds({ layout, trees }: Release): string[] {
  return ENTRY_KINDS.flatMap((kind) => {
    const entry = layout[kind];
    return entry === undefined
      ? []
      : ['', `  ${kind}s below ${trees[kind] ?? ''},<suffix>`, ...entryLines(entry)];
  });
}

function entryLines(entry: EntryLayout): string[] {
  const { rdn, nameAttribute, objectClasses, members, membersAre, id } = entry;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['classes', objectClasses.join(', ')],
    ['id', `${rdn}${id === 'uuid' ? ', a random UUID' : ''}`],
    ['name', nameAttribute ?? rdn],
    ['description', entry.description],
    ['domain', entry.domain],
    ['members', members === undefined ? undefined : `${members} (${membersAre === 'ids' ? 'ids' : 'DNs'})`],
    ['enabled', enabledText(entry)],
  ];
  return facts.flatMap(([label, value]) => (value === undefined ? [] : [`    ${label.padEnd(12)} ${value}`]));
}

function enabledText({ enabled }: EntryLayout): string | undefined {
  if (enabled.kind === 'group') return `by membership in ${enabled.dn ?? enabled.rdn}`;
  return enabled.kind === 'attribute'
    ? `${enabled.attribute} (${enabled.enabled}, ${enabled.disabled})`
    : undefined;
}

function optionFacts(release: ReleaseName): readonly OptionFact[] {
  return ldapOptionsOf(release).map(({ name, default: value, history }) => ({
    name,
    default: value ?? null,
    deprecated: isDeprecated(history, release),
    isNew: addedIn(history) === release,
  }));
}

function optionLines(options: readonly OptionFact[] | undefined): string[] {
  if (options === undefined) return [];
  const width = Math.max(...options.map(({ name }) => name.length));
  const lines = options.map(({ name, default: value, deprecated, isNew }) => {
    const marks = [...(isNew ? ['new'] : []), ...(deprecated ? ['deprecated'] : [])].join(', ');
    const text = value === null ? 'unset' : Array.isArray(value) ? value.join(',') : String(value);
    return `    ${name.padEnd(width)}  ${text}${marks === '' ? '' : `  (${marks})`}`;
  });
  return ['', '  options of [ldap] and their defaults', ...lines];
}

import { foldCase } from '../../directory/dn.ts';
import type { Entry } from '../../directory/entry.ts';
import type { Session } from '../../directory/session.ts';
import { formatLdif, type LdifEntry } from '../../directory/format-ldif.ts';
import type { ConfDocument } from '../../keystone-conf/document/document.ts';
import { observeSchema } from '../../plan/schema/observe-schema.ts';
import { namingContexts } from '../../plan/plan-trees.ts';
import { enabledAttribute, mappedAttributes } from '../../releases/layout-of.ts';
import { readsPassword } from '../../releases/reads-password.ts';
import { ENTRY_KINDS, type Layout, type Release } from '../../releases/release.ts';
import type { Backend } from '../backend.ts';
import type { Finding } from '../finding.ts';
import { filterItems, looksAtBits } from './filter-text.ts';
import { Pseudonyms, REPORT_SUFFIX } from './pseudonyms.ts';
import { filtersOf, REPORT_ACCOUNT, reproducedConf, schemaNamesOf } from './reproduced-conf.ts';
import { concernedEntries } from './reproduced-entries.ts';
import { reproducedEntry, type EntryContext, type ReproducedEntry } from './reproduced-entry.ts';
import { reproducedLegacyConf } from './reproduced-legacy-conf.ts';
import { reproducedSchema } from './reproduced-schema.ts';
import { SchemaLookup } from './schema-lookup.ts';
import { shownFindings } from './shown-findings.ts';

/** The files of a report, by name: it can be sent, and run in a sandbox. */
export interface Report {
  readonly files: Readonly<Record<string, string>>;
  /** How many kinds of findings a run shows again, and how many not. */
  readonly shown: number;
  readonly notShown: number;
}

export interface ReportSource {
  readonly release: Release;
  readonly version: string;
  /** The least of these findings; a run shows no other ones. */
  readonly severity: Finding['severity'];
  readonly doc: ConfDocument;
  readonly domain: string | undefined;
  /** Absent where the file sets up no driver, or no server answers. */
  readonly backend: Backend | undefined;
  readonly session: Session | undefined;
  /** Of the driver that the report is about. */
  readonly findings: readonly Finding[];
  readonly others: readonly Finding[];
}

/** Settings, entries, schema and versions without names, addresses and passwords. */
export async function reportOf(source: ReportSource): Promise<Report> {
  const { doc, version, backend, session, findings, others } = source;
  const suffixes = session === undefined ? [] : await namingContexts(session);
  const schema = new SchemaLookup(session === undefined ? [] : await observeSchema(session));
  const filters = filtersOf(doc);
  const names = new Pseudonyms({ suffixes, schema, filters, flags: flagsOf(source, schema) });
  const context = contextOf(source, schema, names);
  const found = await entriesOf(source, suffixes, context);
  const entries = found.map((entry) => reproducedEntry(entry, context));
  const used = [
    ...entries.flatMap(({ classes, present }) => [...classes, ...present]),
    ...[...schemaNamesOf(doc), ...filters.flatMap(namesIn)],
    ...(backend === undefined ? [] : mappedAttributes(backend.release.layout)),
  ];
  const withoutEntries =
    backend !== undefined && session !== undefined ? undefined : 'the report has no entries';
  const { showsPasswords: hasPasswords } = context;
  const { shown, notShown } = shownFindings({ findings, others, hasPasswords, withoutEntries });
  const release = source.release.version ?? source.release.name;
  const facts = { 'keystone-ldap': version, release, reproduced: shown, 'not reproduced': notShown };
  const files = {
    'keystone.conf.in': confOf(source, names),
    'schema.ldif': reproducedSchema({ schema, names, used }),
    'entries.ldif': formatLdif([...BASE, ...entries]),
    'access.ldif': access(entries, hasPasswords),
    'report.json': `${JSON.stringify(facts, null, 2)}\n`,
    'README.md': readme(release),
    'run.sh': runScript(release, source.severity),
  };
  return { files, shown: shown.length, notShown: Object.keys(notShown).length };
}

async function entriesOf(
  { backend, session, findings }: ReportSource,
  suffixes: readonly string[],
  { wanted }: EntryContext,
): Promise<readonly Entry[]> {
  if (backend === undefined || session === undefined) return [];
  return concernedEntries({ backend, session, suffixes, findings, attributes: ['*', ...wanted] });
}

function contextOf(
  { doc, backend, findings }: ReportSource,
  schema: SchemaLookup,
  names: Pseudonyms,
): EntryContext {
  const layout = backend?.release.layout;
  const items = filtersOf(doc).flatMap((filter) => filterItems(filter));
  const set = (all: readonly (string | undefined)[]): ReadonlySet<string> =>
    new Set(all.flatMap((name) => (name === undefined ? [] : foldCase(name))));
  const keys = (all: readonly (string | undefined)[]): ReadonlySet<string> => keysOf(all, schema);
  const markers = layout === undefined ? [] : ENTRY_KINDS.map((kind) => layout[kind]?.marker);
  return {
    ...{ schema, names },
    wanted: keys([
      ...(layout === undefined ? [] : mappedAttributes(layout)),
      ...[...items.map(({ attribute }) => attribute), ...schemaNamesOf(doc)],
    ]),
    markers: set([...markers, ...filtersOf(doc).flatMap(namesIn)]),
    passwords: keys(['userPassword', layout?.user.passwordAttribute]),
    showsPasswords: showsPasswords(layout, findings),
  };
}

function flagsOf({ doc, backend }: ReportSource, schema: SchemaLookup): ReadonlySet<string> {
  const layout = backend?.release.layout;
  const kinds = [layout?.user, layout?.tenant, layout?.domain].filter((kind) => kind !== undefined);
  const items = filtersOf(doc).flatMap((filter) => filterItems(filter));
  return keysOf(
    [
      ...[...kinds.map(({ enabled }) => enabledAttribute(enabled)), layout?.user.masked?.attribute],
      ...items.filter(looksAtBits).map(({ attribute }) => attribute),
    ],
    schema,
  );
}

function keysOf(names: readonly (string | undefined)[], schema: SchemaLookup): ReadonlySet<string> {
  return new Set(names.flatMap((name) => (name === undefined ? [] : schema.keyOf(name))));
}

/** Whether Keystone reads them itself, or the findings are that the account can. */
function showsPasswords(layout: Layout | undefined, findings: readonly Finding[]): boolean {
  if (layout !== undefined && readsPassword(layout.user.password)) return true;
  return findings.some(({ code }) => code === 'PASSWORD_CLEAR' || code === 'PASSWORD_READABLE');
}

/** Attributes and classes of a filter. */
function namesIn(filter: string): readonly string[] {
  return filterItems(filter).flatMap(({ attribute, value }) =>
    foldCase(attribute) === 'objectclass' ? [value.trim()] : [attribute],
  );
}

/** A file that cannot be read as one has nothing to be taken along. */
function confOf({ doc, domain, release }: ReportSource, names: Pseudonyms): string {
  if (doc.problems.length > 0) return '[ldap]\nurl = @URI@\n';
  const { conf } = release;
  if (conf.kind === 'legacy') return reproducedLegacyConf({ doc, names, style: conf });
  return reproducedConf({ doc, names, isOfDomain: domain !== undefined });
}

const BASE: readonly LdifEntry[] = [
  {
    dn: REPORT_SUFFIX,
    attributes: { objectClass: ['organization', 'dcObject'], o: ['Example'], dc: ['example'] },
  },
  {
    dn: REPORT_ACCOUNT,
    attributes: {
      objectClass: ['organizationalRole', 'simpleSecurityObject'],
      cn: ['account'],
      userPassword: ['report'],
    },
  },
];

/** The account reads what it read, and does no more. */
function access(entries: readonly ReproducedEntry[], hasPasswords: boolean): string {
  const account = `by dn.exact="${REPORT_ACCOUNT}" read`;
  const hidden = entries.flatMap(({ dn, hidden: attributes }) =>
    attributes.length === 0
      ? []
      : `olcAccess: to dn.exact="${dn.replace(/["\\]/g, '\\$&')}" attrs=${attributes.join(',')} by * none\n`,
  );
  return `dn: olcDatabase={1}mdb,cn=config
changetype: modify
replace: olcAccess
${hidden.join('')}olcAccess: to attrs=userPassword ${hasPasswords ? `${account} ` : ''}by anonymous auth by * none
olcAccess: to * ${account} by * none
-
replace: olcLimits
olcLimits: dn.exact="${REPORT_ACCOUNT}" size=unlimited
`;
}

function readme(release: string): string {
  return `# A report of keystone-ldap doctor

\`./run.sh\` loads \`schema.ldif\` and \`entries.ldif\` into a throw-away OpenLDAP (\`keystone-ldap sandbox\`), and runs \`doctor\` for ${release} with the settings of \`keystone.conf.in\`. \`report.json\` lists the findings that it shows again, and gives the reason for each that it does not.

Names, DNs and other values are replaced, the same text always by the same one. The same holds for object classes and attributes that only this site has. Addresses and passwords are left out.
`;
}

function runScript(release: string, severity: Finding['severity']): string {
  return `#!/bin/sh
# Shows the findings of this report again. KL is the command keystone-ldap; arguments go to doctor.
set -e
cd "$(dirname "$0")"
KL=\${KL:-keystone-ldap}
if [ -z "$KEYSTONE_LDAP_REPORT" ]; then
  KEYSTONE_LDAP_REPORT=1 exec $KL sandbox --suffix '${REPORT_SUFFIX}' -- sh ./run.sh "$@"
fi
umask 077
conf=$(mktemp)
trap 'rm -f "$conf"' EXIT
as_config="-x -H $KEYSTONE_LDAP_CONFIG_URI -D $KEYSTONE_LDAP_CONFIG_BIND_DN -w $KEYSTONE_LDAP_CONFIG_PASSWORD"
# A definition that this OpenLDAP has already is refused, and is not needed.
ldapadd -c $as_config -f schema.ldif >/dev/null 2>&1 || true
ldapadd -x -H "$KEYSTONE_LDAP_URI" -D "$KEYSTONE_LDAP_BIND_DN" -w "$KEYSTONE_LDAP_PASSWORD" -f entries.ldif >/dev/null
ldapmodify $as_config -f access.ldif >/dev/null
sed "s#@URI@#$KEYSTONE_LDAP_URI#; s#@PASSWORD@#report#" keystone.conf.in >"$conf"
# Without cn=config, doctor looks at what the directory shows and not at this server.
unset KEYSTONE_LDAP_CONFIG_URI KEYSTONE_LDAP_CONFIG_BIND_DN KEYSTONE_LDAP_CONFIG_PASSWORD
$KL doctor --keystone-conf "$conf" --release '${release}' --severity ${severity} "$@"
`;
}

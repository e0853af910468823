import type { Session } from '../../directory/session.ts';
import { formatLdif } from '../../directory/format-ldif.ts';
import type { ConfDocument } from '../../keystone-conf/document.ts';
import { observeSchema } from '../../plan/observe-schema.ts';
import { namingContexts } from '../../plan/plan-trees.ts';
import type { Backend } from '../backend.ts';
import type { Finding, FindingCode } from '../finding.ts';
import { Pseudonyms, REPORT_SUFFIX } from './pseudonyms.ts';
import { REPORT_ACCOUNT, reproducedConf } from './reproduced-conf.ts';
import { reproducedEntries } from './reproduced-entries.ts';

/** The files of a report, by name: it can be sent, and run in a sandbox. */
export type Report = Readonly<Record<string, string>>;

export interface ReportSource {
  readonly release: string;
  readonly version: string;
  readonly doc: ConfDocument;
  /** Absent where the file sets up no driver, or no server answers. */
  readonly backend: Backend | undefined;
  readonly session: Session | undefined;
  readonly findings: readonly Finding[];
}

/** What depends on settings and entries alone; servers, rights and files stay where they are. */
const REPRODUCED: ReadonlySet<FindingCode> = new Set([
  ...([
    'CONF_BACKENDS',
    'CONF_OPTION',
    'CONF_UNREADABLE_VALUE',
    'SCHEMA_MISSING',
    'ATTRIBUTE_SPELLING',
  ] as const),
  ...([
    'TREE_MISSING',
    'TREE_EMPTY',
    'EVERYBODY_DISABLED',
    'ENABLED_DEFAULT',
    'ENABLED_PATCH',
    'ENABLED_NOT_BOOLEAN',
  ] as const),
  ...([
    'ENABLED_GROUP_MISSING',
    'ENABLED_MEMBER_UNKNOWN',
    'ENTRY_NO_ID',
    'ENTRY_NO_NAME',
    'ID_SEVERAL',
  ] as const),
  ...(['ID_AMBIGUOUS', 'ID_TOO_LONG', 'ID_SLASH', 'NAME_TOO_LONG', 'NAME_AMBIGUOUS'] as const),
  ...(['MEMBERS_FORM', 'MEMBER_ATTRIBUTE', 'MEMBER_LEFT_OUT', 'MEMBER_NESTED', 'MEMBER_UNKNOWN'] as const),
  ...(['MEMBER_OUTSIDE', 'MEMBER_SPELLING', 'MEMBER_PLACEHOLDER'] as const),
]);

/** Settings, entries and versions without names, addresses and passwords. */
export async function reportOf(source: ReportSource): Promise<Report> {
  const { release, version, doc, backend, session, findings } = source;
  const suffixes = session === undefined ? [] : await namingContexts(session);
  const schema = session === undefined ? [] : await observeSchema(session);
  const names = new Pseudonyms(suffixes);
  const schemaNames = new Set(schema.flatMap((one) => one.names.map((name) => name.toLowerCase())));
  const entries =
    backend === undefined || session === undefined
      ? ''
      : await reproducedEntries({ backend, session, schema, names, suffixes, findings });
  const codes = (isWanted: boolean): readonly string[] =>
    [...new Set(findings.map(({ code }) => code))]
      .filter((code) => REPRODUCED.has(code) === isWanted)
      .toSorted();
  const facts = {
    'keystone-ldap': version,
    release,
    reproduced: codes(true),
    'not reproduced': codes(false),
  };
  return {
    'keystone.conf.in': reproducedConf({ doc, names, schemaNames }),
    'entries.ldif': `${formatLdif(BASE)}\n${entries}`,
    'access.ldif': ACCESS,
    'report.json': `${JSON.stringify(facts, null, 2)}\n`,
    'README.md': readme(release),
    'run.sh': runScript(release),
  };
}

const BASE = [
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

/** The account reads, and does no more. */
const ACCESS = `dn: olcDatabase={1}mdb,cn=config
changetype: modify
replace: olcAccess
olcAccess: to attrs=userPassword by anonymous auth by * none
olcAccess: to * by dn.exact="${REPORT_ACCOUNT}" read by * none
-
replace: olcLimits
olcLimits: dn.exact="${REPORT_ACCOUNT}" size=unlimited
`;

function readme(release: string): string {
  return `# A report of keystone-ldap doctor

\`./run.sh\` loads \`entries.ldif\` into a throw-away OpenLDAP (\`keystone-ldap sandbox\`), and runs \`doctor\` for ${release} with the settings of \`keystone.conf.in\`. \`report.json\` says which findings it should show again, and which ones depend on the server or the machine and are not shown.

Names, DNs and other values are replaced, the same text always by the same one; addresses and passwords are left out.
`;
}

function runScript(release: string): string {
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
ldapadd -x -H "$KEYSTONE_LDAP_URI" -D "$KEYSTONE_LDAP_BIND_DN" -w "$KEYSTONE_LDAP_PASSWORD" -f entries.ldif >/dev/null
ldapmodify -x -H "$KEYSTONE_LDAP_CONFIG_URI" -D "$KEYSTONE_LDAP_CONFIG_BIND_DN" -w "$KEYSTONE_LDAP_CONFIG_PASSWORD" -f access.ldif >/dev/null
sed "s#@URI@#$KEYSTONE_LDAP_URI#; s#@PASSWORD@#report#" keystone.conf.in >"$conf"
$KL doctor --keystone-conf "$conf" --release '${release}' "$@"
`;
}

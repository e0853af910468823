import { packageFile } from '../../../src/files.ts';
import type { ConfEdit } from '../../../src/keystone-conf/document/conf-edit.ts';
import { observeConf, planConf } from '../../../src/plan/conf/plan-conf.ts';
import { treesBelow } from '../../../src/releases/find-release.ts';
import type { Release } from '../../../src/releases/release.ts';
import { Secret } from '../../../src/secret.ts';
import { code, type Row } from './markdown-table.ts';

/** What every keystone.conf gets. */
const CONNECTION = new Set(['url', 'user', 'password', 'suffix', 'ldap_url', 'ldap_user', 'ldap_password']);

/** What `configure` writes into the keystone.conf that a release ships, or into one that says nothing. */
export async function confRow(release: Release): Promise<Row> {
  const file = release.conf.kind === 'oslo' ? 'modern' : release.name;
  const conf = await observeConf(packageFile(`fixtures/keystone-conf/${file}.conf`), release);
  const suffix = 'dc=example,dc=com';
  const account = { user: `cn=admin,${suffix}`, password: new Secret('secrete') };
  const settings = { url: 'ldap://localhost', ...account, suffix, trees: treesBelow(release, suffix) };
  const { files } = await planConf(conf, settings, release);
  const edits = files.flatMap((one) => one.edits);
  const drivers = edits.filter(({ section }) => !IN_LDAP.test(section));
  const options = edits.filter(({ section, option }) => IN_LDAP.test(section) && !CONNECTION.has(option));
  return {
    'LDAP holds': release.layout.tenant === undefined ? 'users, groups' : 'all',
    drivers: drivers.map((edit) => code(`[${edit.section}] ${lineOf(edit)}`)).join('<br>'),
    'options of [ldap]': options.length === 0 ? '—' : options.map((edit) => code(lineOf(edit))).join('<br>'),
  };
}

const IN_LDAP = /ldap$/;

function lineOf({ option, to }: ConfEdit): string {
  return `${option} = ${String(to).replaceAll(/\s+/g, ' ')}`;
}

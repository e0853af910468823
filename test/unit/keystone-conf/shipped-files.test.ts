import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { packageFile } from '../../../src/files.ts';
import { applyEdits } from '../../../src/keystone-conf/document/conf-edit.ts';
import { detectLegacyRelease } from '../../../src/keystone-conf/legacy/detect-legacy-release.ts';
import { formatConf, parseConf } from '../../../src/keystone-conf/document/document.ts';
import { legacyConfEdits } from '../../../src/keystone-conf/legacy/legacy-conf.ts';
import type { LegacyConfStyle } from '../../../src/keystone-conf/legacy/legacy-settings.ts';
import { readLegacyConf } from '../../../src/keystone-conf/legacy/read-legacy-conf.ts';
import { Secret } from '../../../src/secret.ts';

const style: LegacyConfStyle = {
  treeOptions: true,
  entryOptions: true,
  interpolation: 'ConfigParser',
  hashOption: 'hash-password',
  defaultTrees: { user: 'ou=Users', tenant: 'ou=Groups', role: 'ou=Groups' },
};

const shippedEntities = [
  ...['UserRoleAssociation', 'Endpoints', 'Role', 'Tenant', 'User'],
  ...['Credentials', 'EndpointTemplates', 'Token', 'Service'],
];

const HYPHENS = ['2011.3', 'essex-1', 'essex-2', '2012-01-20'];

describe.each([
  ['blog', ['blog']],
  ['2011.3', HYPHENS],
  ['essex-1', HYPHENS],
  ['essex-2', HYPHENS],
  ['2012-01-20', ['2012-01-20']],
  ['essex-3', ['essex-3']],
])('fixtures/keystone-conf/%s.conf', (release, candidates) => {
  const load = async () =>
    parseConf(await readFile(packageFile(`fixtures/keystone-conf/${release}.conf`)), `${release}.conf`);

  test('tells its release', async () => {
    expect(detectLegacyRelease(await load())?.candidates).toEqual(candidates);
  });

  test('takes the edit, which changes three lines and adds a section of four', async () => {
    const before = await load();
    const settings = {
      url: 'ldap://localhost',
      user: 'cn=Admin',
      password: new Secret('x'),
      moveToken: true,
    };
    const { edits, notes } = legacyConfEdits(before, settings, style);
    const after = applyEdits(before, edits);
    expect(notes.map(({ code }) => code)).toEqual(['NO_TOKEN_STORE']);
    expect(readLegacyConf(after, style)).toMatchObject({
      conf: {
        url: 'ldap://localhost',
        user: 'cn=Admin',
        backends: ['keystone.backends.sqlalchemy', 'keystone.backends.ldap'],
        sqlEntities: shippedEntities.filter(
          (name) => !['Tenant', 'User', 'UserRoleAssociation', 'Token'].includes(name),
        ),
      },
    });
    const old = formatConf(before).toString().split('\n');
    const fresh = formatConf(after).toString().split('\n');
    expect(old.filter((line) => !fresh.includes(line))).toHaveLength(3);
    expect(fresh.filter((line) => !old.includes(line))).toHaveLength(7);
    expect(legacyConfEdits(after, settings, style).edits).toEqual([]);
  });
});

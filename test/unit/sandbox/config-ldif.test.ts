import { describe, expect, test } from 'vitest';
import { parseLdif } from '../../../src/directory/ldif.ts';
import { configLdif, type SandboxTuning } from '../../../src/sandbox/config-ldif.ts';

const MANAGER = 'gidNumber=100+uidNumber=1000,cn=peercred,cn=external,cn=auth';

function config(tuning: SandboxTuning = {}, modulePath?: string) {
  const text = configLdif({
    schemaFiles: ['/etc/ldap/schema/core.ldif', '/my schemas/nis.ldif'],
    modulePath,
    moduleFiles: ['back_mdb.so'].filter(() => modulePath !== undefined),
    manager: MANAGER,
    configPasswordHash: '{SSHA}config',
    passwordHash: '{SSHA}data',
    databases: [
      { suffix: 'o=Müller\\, Sons', directory: '/tmp/s/data1' },
      { suffix: 'dc=two', directory: '/tmp/s/data2' },
    ],
    tuning,
  });
  const records = parseLdif(text.replace(/^include: .*\n/gm, ''));
  return { text, records, at: (dn: string) => records.find((record) => record.dn === dn)?.attributes };
}

describe('configLdif', () => {
  test('configures modules, then schema, then databases, in the order that slapadd demands', () => {
    expect(config({}, '/usr/lib/ldap').records.map(({ dn }) => dn)).toEqual([
      'cn=config',
      'cn=module{0},cn=config',
      'cn=schema,cn=config',
      'olcDatabase={-1}frontend,cn=config',
      'olcDatabase={0}config,cn=config',
      'olcDatabase={1}mdb,cn=config',
      'olcDatabase={2}mdb,cn=config',
    ]);
  });

  test('includes schema files as URLs, after the entry that they extend and before the databases', () => {
    const { text } = config();
    expect(text).toContain(
      'cn: schema\n\ninclude: file:///etc/ldap/schema/core.ldif\ninclude: file:///my%20schemas/nis.ldif\n\ndn: ',
    );
  });

  test('has no module entry where the backend is built in', () => {
    expect(config().at('cn=module{0},cn=config')).toBeUndefined();
  });

  test('gives each database its rootdn, also below a suffix with a comma and an umlaut', () => {
    const { at } = config();
    expect(at('olcDatabase={1}mdb,cn=config')).toMatchObject({
      olcSuffix: ['o=Müller\\, Sons'],
      olcRootDN: ['cn=admin,o=Müller\\, Sons'],
      olcRootPW: ['{SSHA}data'],
      olcDbDirectory: ['/tmp/s/data1'],
    });
    expect(at('olcDatabase={2}mdb,cn=config')).toMatchObject({ olcRootDN: ['cn=admin,dc=two'] });
  });

  test.each([
    'olcDatabase={0}config,cn=config',
    'olcDatabase={1}mdb,cn=config',
    'olcDatabase={2}mdb,cn=config',
  ])('lets the manager into %s', (dn) => {
    expect(config().at(dn)?.['olcAccess']?.[0]).toBe(`to * by dn.exact="${MANAGER}" manage by * break`);
  });

  test('takes tuned attributes in place of its own, and only in the first database', () => {
    const { at } = config({
      global: { olcIdleTimeout: ['1'] },
      frontend: { olcSizeLimit: ['2'] },
      database: { olcAccess: ['to * by * none'] },
    });
    expect(at('cn=config')).toMatchObject({ cn: ['config'], olcIdleTimeout: ['1'] });
    expect(at('olcDatabase={-1}frontend,cn=config')).toMatchObject({ olcSizeLimit: ['2'] });
    expect(at('olcDatabase={1}mdb,cn=config')?.['olcAccess']).toEqual(['to * by * none']);
    expect(at('olcDatabase={2}mdb,cn=config')?.['olcAccess']).toHaveLength(3);
  });

  test('puts further entries at the end', () => {
    const dn = 'olcOverlay={0}ppolicy,olcDatabase={1}mdb,cn=config';
    const entries = [{ dn, attributes: { objectClass: ['olcOverlayConfig'], olcOverlay: ['{0}ppolicy'] } }];
    expect(config({ entries }).records.at(-1)?.dn).toBe(dn);
  });
});

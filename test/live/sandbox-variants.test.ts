import { expect, onTestFinished, test } from 'vitest';
import { valuesOf } from '../../src/directory/entry.ts';
import type { Credentials, Session } from '../../src/directory/session.ts';
import { openSession } from '../../src/directory/open-session.ts';
import type { RunningSlapd } from '../../src/sandbox/running-slapd.ts';
import { startSlapdConf } from '../../src/testing/servers/start-slapd-conf.ts';
import { startStockDebian } from '../../src/testing/servers/start-stock-debian.ts';
import { describeLive } from '../support/describe-live.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';

const external = { kind: 'external' } as const;
const unit = (dn: string) => ({ dn, attributes: { objectClass: ['organizationalUnit'] } });
const schema = (name: string, oid: string) => ({
  dn: `cn=${name},cn=schema,cn=config`,
  attributes: {
    objectClass: ['olcSchemaConfig'],
    olcAttributeTypes: [`( ${oid} NAME '${name}' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )`],
  },
});

async function connect(uri: string, credentials: Credentials): Promise<Session> {
  const session = await openSession({ uri, credentials });
  onTestFinished(() => session[Symbol.asyncDispose]());
  return session;
}

async function asAdmin({ uri, bindDn, password }: RunningSlapd): Promise<Session> {
  return connect(uri, { kind: 'simple', dn: bindDn, password });
}

async function stopAfterTest(started: Promise<RunningSlapd>): Promise<RunningSlapd> {
  const slapd = await started;
  onTestFinished(() => slapd.stop());
  return slapd;
}

describeLive('startStockDebian', (slapd) => {
  test('has the suffix entry of the package, which its rootdn may write below', async () => {
    const stock = await stopAfterTest(startStockDebian({ slapd }));
    expect(stock.suffix).toBe('dc=nodomain');
    const session = await asAdmin(stock);
    expect(await session.read('dc=nodomain', ['objectClass', 'o', 'dc'])).toEqual({
      dn: 'dc=nodomain',
      attributes: { objectClass: ['top', 'dcObject', 'organization'], o: ['nodomain'], dc: ['nodomain'] },
    });
    await session.add(unit('ou=Users,dc=nodomain'));
  });

  test('opens cn=config to EXTERNAL, and not the data', async () => {
    const stock = await stopAfterTest(startStockDebian({ slapd, suffix: 'dc=corp,dc=example' }));
    const session = await connect(stock.ldapiUri, external);
    await session.add(schema('stockTest', '1.3.6.1.4.1.32473.1.1'));
    await expect(session.add(unit('ou=Users,dc=corp,dc=example'))).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
    });
    const frontend = await session.read('olcDatabase={-1}frontend,cn=config', ['olcSizeLimit']);
    expect(frontend && valuesOf(frontend, 'olcSizeLimit')).toEqual(['500']);
  });

  test('refuses a slapd without the configuration of the package', async () => {
    const other = { ...slapd, slapd: '/opt/other/sbin/slapd' };
    await expect(startStockDebian({ slapd: other })).rejects.toMatchObject({ code: 'SLAPD_MISSING' });
  });
});

describeLive('startSlapdConf', (slapd) => {
  test('serves its rootdn and keeps everybody out of cn=config', async () => {
    const server = await stopAfterTest(startSlapdConf({ slapd, suffix: 'o=Smith\\, Söhne' }));
    const session = await asAdmin(server);
    await session.add({
      dn: server.suffix,
      attributes: { objectClass: ['organization'], o: ['Smith, Söhne'] },
    });
    expect(await session.read(server.suffix, ['o'])).toBeDefined();

    const local = await connect(server.ldapiUri, external);
    expect(await local.read('cn=schema,cn=config', ['cn'])).toBeUndefined();
    await expect(local.add(schema('confTest', '1.3.6.1.4.1.32473.1.2'))).rejects.toThrow();
  });

  test('includes the schema files of the caller', async () => {
    const file = DisposableFolder.ofTest().write(
      'own.schema',
      "attributetype ( 1.3.6.1.4.1.32473.1.3 NAME 'ownTest' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )\n",
    );
    const server = await stopAfterTest(startSlapdConf({ slapd, includes: [file] }));
    const subschema = await (await asAdmin(server)).read('cn=Subschema', ['attributeTypes']);
    expect(subschema && valuesOf(subschema, 'attributeTypes')).toContainEqual(
      expect.stringContaining("NAME 'ownTest'"),
    );
  });
});

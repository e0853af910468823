import { expect, test } from 'vitest';
import { KeystoneDriver } from '../../src/doctor/keystone-driver.ts';
import { openSession } from '../../src/directory/open-session.ts';
import { findInCatalogue } from '../../src/releases/catalogue.ts';
import { modernRelease } from '../../src/releases/modern.ts';
import { treesBelow } from '../../src/releases/find-release.ts';
import { addEntries } from '../support/add-entries.ts';
import { describeLive } from '../support/describe-live.ts';
import { startInitialised } from '../support/initialised-sandbox.ts';

const SUFFIX = 'dc=example,dc=com';
const TREE = `ou=Users,${SUFFIX}`;

const person = (cn: string, uid: string) => ({
  dn: `cn=${cn},${TREE}`,
  attributes: { objectClass: ['inetOrgPerson'], cn: [cn], sn: [cn], uid: [uid] },
});

describeLive('Two users with one ID', (slapd) => {
  // Up to a hundred IDs are asked for one by one, more are read at once.
  test.each([3, 250])('are both enabled by the first of them, among %i users', async (count) => {
    await using server = await startInitialised({ slapd, release: 'zed' });
    const others = Array.from({ length: count - 2 }, (_, at) => person(`u${at}`, `id${at}`));
    const group = {
      dn: `cn=enabled_users,${TREE}`,
      attributes: {
        objectClass: ['groupOfNames'],
        cn: ['enabled_users'],
        member: [`cn=first,${TREE}`, `cn=u0,${TREE}`],
      },
    };
    await addEntries(server, [person('first', 'same'), ...others, person('last', 'SAME'), group]);
    const entry = findInCatalogue('zed');
    if (entry === undefined) throw new Error('zed is not in the catalogue');
    const release = modernRelease(entry, {
      options: {
        query_scope: 'sub',
        user_id_attribute: 'uid',
        user_name_attribute: 'cn',
        user_enabled_emulation: true,
      },
    });
    const trees = treesBelow(release, SUFFIX);
    await using session = await openSession({ uri: server.ldapiUri, credentials: { kind: 'external' } });
    const enabled: string[] = [];
    const driver = new KeystoneDriver(session, { layout: release.layout, trees });
    for await (const user of driver.list('user')) if (await driver.isEnabled(user)) enabled.push(user.name);
    expect(enabled.toSorted()).toEqual(['first', 'last', 'u0']);
  });
});

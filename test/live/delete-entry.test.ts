import { expect, test } from 'vitest';
import { apply } from '../../src/plan/apply/apply.ts';
import type { Change } from '../../src/plan/change.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { addEntries } from '../support/add-entries.ts';
import { describeLive } from '../support/describe-live.ts';
import { readEntries } from '../support/read-entries.ts';
import { asManager } from '../support/seeded-sandbox.ts';

const SUFFIX = 'dc=example,dc=com';
const ou = (name: string, above = SUFFIX) => ({
  dn: `ou=${name},${above}`,
  attributes: { objectClass: ['organizationalUnit'], ou: [name] },
});

describeLive('delete-entry', (slapd) => {
  const startTree = async () => {
    const server = await startSandbox({ slapd });
    const domain = { objectClass: ['dcObject', 'organization'], dc: ['example'], o: ['example'] };
    await addEntries(server, [
      { dn: SUFFIX, attributes: domain },
      ou('a'),
      ou('b', 'ou=a,dc=example,dc=com'),
      ou('c', 'ou=b,ou=a,dc=example,dc=com'),
    ]);
    return server;
  };
  const deletion = (dn: string, csn?: string): Change => ({
    kind: 'delete-entry',
    dn,
    label: 'container',
    attributes: {},
    ...(csn !== undefined && { csn }),
  });

  test('takes children before their parents, and all after what is added', async () => {
    await using server = await startTree();
    await using directory = await asManager(server);
    const changes: Change[] = [
      deletion('ou=a,dc=example,dc=com'),
      deletion('ou=b,ou=a,dc=example,dc=com'),
      deletion('ou=c,ou=b,ou=a,dc=example,dc=com'),
      { kind: 'add-entry', label: 'container', ...ou('d') },
    ];
    const made: string[] = [];
    for await (const { change } of apply(changes, { directory, openConfig: () => asManager(server) }))
      made.push(change.dn.split(',')[0] ?? '');
    expect(made).toEqual(['ou=d', 'ou=c', 'ou=b', 'ou=a']);
    expect(Object.keys(await readEntries(server.ldapiUri, SUFFIX))).toEqual([SUFFIX, ou('d').dn]);
  });

  test('leaves an entry that has changed since it was seen', async () => {
    await using server = await startTree();
    await using directory = await asManager(server);
    const { dn } = ou('c', 'ou=b,ou=a,dc=example,dc=com');
    const csn = (await readEntries(server.ldapiUri, dn, ['entryCSN']))[dn]?.['entryCSN']?.[0];
    await directory.modify(dn, [{ operation: 'add', attribute: 'description', values: ['new'] }]);
    const steps = apply([deletion(dn, csn)], { directory, openConfig: () => asManager(server) });
    await expect(steps.next()).rejects.toMatchObject({ code: 'STALE_PLAN', resultCode: 122 });
    expect(Object.keys(await readEntries(server.ldapiUri, dn))).toEqual([dn]);
  });
});

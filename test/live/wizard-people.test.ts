import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NewEntry } from '../../src/directory/entry.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { addEntries } from '../support/add-entries.ts';
import { describeLive } from '../support/describe-live.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { changeNumbers } from '../support/read-entries.ts';
import { runCli } from '../support/run-cli.ts';
import { seededSandbox } from '../support/seeded-sandbox.ts';

const SUFFIX = 'dc=example,dc=com';
const TOP: NewEntry = { dn: SUFFIX, attributes: { objectClass: ['domain'], dc: ['example'] } };

const CLASSES = {
  inetOrgPerson: { cn: ['x'], sn: ['x'] },
  organizationalPerson: { cn: ['x'], sn: ['x'] },
  person: { cn: ['x'], sn: ['x'] },
  account: {},
} as const;
type PersonClass = keyof typeof CLASSES;

interface Tree {
  readonly ou: string;
  readonly units: number;
  readonly people: number;
  readonly objectClass: PersonClass;
}

/** Nobody is right below a tree that has units. */
function entriesOf({ ou, units, people, objectClass }: Tree): readonly NewEntry[] {
  const tree = `ou=${ou},${SUFFIX}`;
  const unit = (dn: string, name: string): NewEntry => ({
    dn,
    attributes: { objectClass: ['organizationalUnit'], ou: [name] },
  });
  const homes = units === 0 ? [tree] : Array.from({ length: units }, (_, at) => `ou=u${at},${tree}`);
  const isUid = objectClass === 'inetOrgPerson' || objectClass === 'account';
  return [
    unit(tree, ou),
    ...(units === 0 ? [] : homes.map((dn, at) => unit(dn, `u${at}`))),
    ...Array.from({ length: people }, (_, at): NewEntry => {
      const rdn = isUid ? 'uid' : 'cn';
      return {
        dn: `${rdn}=p${at},${homes[at % homes.length] ?? tree}`,
        attributes: { objectClass: [objectClass], ...CLASSES[objectClass], [rdn]: [`p${at}`] },
      };
    }),
  ];
}

/** Trees with different numbers of people. */
const trees = fc
  .uniqueArray(fc.constantFrom('People', 'Staff', 'accounts', 'Users', 'Züge'), {
    minLength: 1,
    maxLength: 3,
  })
  .chain((ous) =>
    fc
      .tuple(
        fc.uniqueArray(fc.integer({ min: 3, max: 20 }), { minLength: ous.length, maxLength: ous.length }),
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: ous.length, maxLength: ous.length }),
        fc.array(fc.constantFrom(...(Object.keys(CLASSES) as PersonClass[])), {
          minLength: ous.length,
          maxLength: ous.length,
        }),
      )
      .map(([people, units, classes]) =>
        ous.map((ou, at): Tree => ({
          ou,
          people: people[at] ?? 3,
          units: units[at] ?? 0,
          objectClass: classes[at] ?? 'person',
        })),
      ),
  );

interface Look {
  readonly server: { readonly people: readonly { readonly dn: string; readonly count: number }[] };
  readonly next: readonly { readonly command: string }[];
}

async function look(server: Sandbox, ...argv: readonly string[]): Promise<Look> {
  const home = DisposableFolder.ofTest().path;
  const conf = ['--keystone-conf', join(home, 'none')];
  const all = ['wizard', '-H', server.ldapiUri, ...conf, '--json', ...argv];
  const { stdout } = await runCli(all, { env: { HOME: home } });
  return JSON.parse(stdout) as Look;
}

describeLive('the wizard where there are people', (slapd) => {
  test('finds the tree with most of them, reads it first, and offers nothing that writes there', async () => {
    await fc.assert(
      fc.asyncProperty(trees, async (drawn) => {
        await using server = await startSandbox({ slapd });
        await addEntries(server, [TOP, ...drawn.flatMap(entriesOf)]);
        const before = await changeNumbers(server.ldapiUri, SUFFIX);
        const { server: seen, next } = await look(server, '--release', 'zed');
        const most = drawn.toSorted((a, b) => b.people - a.people)[0];
        expect(seen.people.map(({ count }) => count)).toEqual(
          drawn.map(({ people }) => people).toSorted((a, b) => b - a),
        );
        const base = `ou=${most?.ou ?? ''},${SUFFIX}`;
        const unit = most?.units === 1 ? `ou=u0,${base}` : base;
        expect(seen.people[0]?.dn).toBe(unit);
        const commands = next.map(({ command }) => command);
        expect(commands[0]).toMatch(/^keystone-ldap init --read-only --release zed .*--user-tree-dn/);
        expect(commands[0]?.includes('query_scope=sub')).toBe((most?.units ?? 0) > 1);
        expect(
          commands.filter(
            (one) => /keystone-ldap (?:init|seed)/.test(one) && !/--read-only|--dry-run/.test(one),
          ),
        ).toEqual([]);
        expect(await changeNumbers(server.ldapiUri, SUFFIX)).toEqual(before);
      }),
      { seed: 7301, numRuns: 5 },
    );
  });

  test('never writes by its default answers, whatever there is', async () => {
    for (const [start, people] of [
      [() => startSandbox({ slapd }), 0],
      [() => seededSandbox('zed', { slapd, seed: false }), 0],
      [() => startSandbox({ slapd }), 3],
    ] as const) {
      await using server = await start();
      const staff = entriesOf({ ou: 'Staff', units: 0, people, objectClass: 'inetOrgPerson' });
      if (people > 0) await addEntries(server, [TOP, ...staff]);
      const before = await changeNumbers(server.ldapiUri, SUFFIX);
      const home = DisposableFolder.ofTest().path;
      let choices = 0;
      const asker = {
        input: () => Promise.resolve('zed'),
        password: () => Promise.resolve(''),
        confirm: () => Promise.resolve(false),
        // Enter, three times; then the last choice, which leaves.
        choose: (_: string, all: readonly string[]) =>
          Promise.resolve(((choices += 1) > 3 ? all.at(-1) : all[0]) ?? ''),
      };
      const argv = ['wizard', '-H', server.ldapiUri, '--keystone-conf', join(home, 'none')];
      await runCli(argv, { env: { HOME: home, KEYSTONE_LDAP_STATE_DIR: home }, asker });
      expect(choices).toBeGreaterThan(0);
      expect(await changeNumbers(server.ldapiUri, SUFFIX)).toEqual(before);
    }
  });

  test('tries its right before it writes', async () => {
    await using server = await startSandbox({
      slapd,
      tuning: { database: { olcAccess: ['to * by * read'] } },
    });
    const { uri, bindDn, password, ldapiUri } = server;
    const env = { KEYSTONE_LDAP_BIND_DN: bindDn, KEYSTONE_LDAP_PASSWORD: password.reveal() };
    const top = ['init', '-r', 'zed', '-H', uri, '--user-tree-dn', `ou=X,${SUFFIX}`];
    expect(await runCli(top, { env })).toMatchObject({ exitCode: 0 });
    const home = DisposableFolder.ofTest().path;
    const seen: string[] = [];
    const asker = {
      input: () => Promise.resolve('zed'),
      password: () => Promise.resolve(''),
      confirm: () => Promise.resolve(true),
      choose: (_: string, all: readonly string[]) => {
        seen.push(...all);
        const init = all.find((one) => one.startsWith('load the schema'));
        return Promise.resolve((seen.length > all.length ? undefined : init) ?? all.at(-1) ?? '');
      },
    };
    const argv = ['wizard', '-H', ldapiUri, '--keystone-conf', join(home, 'none')];
    const before = await changeNumbers(ldapiUri, SUFFIX);
    const { exitCode, stderr } = await runCli(argv, { env: { HOME: home }, asker });
    expect(exitCode).toBe(0);
    expect(stderr).toContain(`you (SASL EXTERNAL) may not write to ${ldapiUri}; nothing was written.`);
    expect(await changeNumbers(ldapiUri, SUFFIX)).toEqual(before);
  });
});

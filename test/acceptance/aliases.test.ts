import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { NewEntry } from '../../src/directory/entry.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { addEntries } from '../support/add-entries.ts';
import { aliasEntry } from '../support/alias-entry.ts';
import { describeKeystone } from '../support/keystone/describe-keystone.ts';
import { probeDriver } from '../support/keystone/probe-driver.ts';
import { runCli } from '../support/run-cli.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { ldapConf, UID_LAYOUT, UID_TREE, USERS } from './trees.ts';

const GUESTS = 'ou=Guests,dc=example,dc=com';
const LINK = 'ou=Link,dc=example,dc=com';

/** A user and the tree of users once more, by aliases. */
const ENTRIES: readonly NewEntry[] = [
  ...UID_TREE,
  { dn: GUESTS, attributes: { objectClass: ['organizationalUnit'], ou: ['Guests'] } },
  {
    dn: `uid=carol,${GUESTS}`,
    attributes: { objectClass: ['inetOrgPerson'], uid: ['carol'], cn: ['carol'], sn: ['carol'] },
  },
  aliasEntry(`uid=carol,${USERS}`, `uid=carol,${GUESTS}`),
  aliasEntry(LINK, USERS),
];

const OWN = ['alice', 'bob', 'eve'];
const ALL = ['alice', 'bob', 'carol', 'eve'];

/** What is found below the tree itself, and below its alias. */
const FOUND: Readonly<Record<string, readonly [tree: string[], link: string[]]>> = {
  never: [OWN, []],
  searching: [ALL, []],
  finding: [OWN, OWN],
  always: [ALL, ALL],
  default: [OWN, []],
};

const sortedIds = (users: readonly { readonly id: string }[]): string[] => users.map(({ id }) => id).sort();

describeKeystone('an alias of a user or of the tree', ({ slapd }) => {
  test.each(['one', 'sub'])(
    'is followed where Keystone 22 follows it, with query_scope = %s',
    async (scope) => {
      await using directory = await startSandbox({ slapd });
      await addEntries(directory, ENTRIES);
      const confs = Object.keys(FOUND).flatMap((mode) =>
        [USERS, LINK].map((tree) => {
          const options = { user_tree_dn: tree, query_scope: scope, alias_dereferencing: mode };
          // A connection of the pool keeps what the configuration before said where this one says `default`.
          return ldapConf(directory, { ...UID_LAYOUT, ...options, use_pool: false });
        }),
      );
      const expected = Object.values(FOUND).flat();
      const answers = await probeDriver({ confs });
      expect(answers.map((answer) => ('error' in answer ? answer : sortedIds(answer.users)))).toEqual(
        expected,
      );

      const path = join(DisposableFolder.ofTest().path, 'keystone.conf');
      for (const [at, conf] of confs.entries()) {
        await writeFile(path, conf);
        const { stdout } = await runCli(['users', '--keystone-conf', path, '--release', 'zed', '--json']);
        const { users } = JSON.parse(stdout) as { users: { id: string }[] };
        expect(sortedIds(users), conf).toEqual(expected[at]);
      }
    },
  );
});

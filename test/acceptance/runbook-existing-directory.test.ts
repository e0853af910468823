import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageFile, readText } from '../../src/files.ts';
import { dnOf, OUTSIDER, READER, startCompanyDirectory, SUFFIX } from '../support/company/directory.ts';
import { loginsOf, type Logins } from '../support/company/logins.ts';
import { PEOPLE, TEAMS, passwordOf } from '../support/company/people.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { walkDocument, withRealNames, yamlBlock } from '../support/docs/walk-document.ts';
import { describeKeystone } from '../support/keystone/describe-keystone.ts';
import { packagedConf } from '../support/keystone/packaged-conf.ts';
import { startKeystone } from '../support/keystone/start-keystone.ts';
import { readEntries } from '../support/read-entries.ts';

/** 330 logins, one after the other as the server of the test takes them. */
const TIMEOUT_MS = 600_000;

describeKeystone('docs/runbook-existing-directory.md, walked by an operator', ({ slapd, keystone }) => {
  test(
    'lets in everybody whom the directory lets in and nobody else, and changes no entry',
    { timeout: TIMEOUT_MS },
    async () => {
      await using directory = await startCompanyDirectory(slapd);
      const folder = DisposableFolder.ofTest().path;
      const before = await readEntries(directory.ldapiUri, SUFFIX);
      const page = await readText(packageFile('docs/runbook-existing-directory.md'));
      const names = { 'ldap://ldap1.example.com': directory.uri };
      const write = (name: string, text: string): Promise<void> =>
        writeFile(join(folder, name), text, { mode: 0o600 });
      await write('keystone-ldap.yaml', withRealNames(yamlBlock(page, 'keystone-ldap.yaml'), names));
      await write('keystone.pw', `${READER.password}\n`);
      await write('keystone.conf', await packagedConf());

      await walkDocument(page, { folder, names });

      const confFiles = [join(folder, 'keystone.conf')];
      await using server = await startKeystone({ keystone, confFiles, domainNames: ['CORP'] });
      const admin = await server.admin();
      const { id: domain } = await admin.find('domain', 'CORP');
      const seen = await admin.users(domain);
      const present = PEOPLE.filter(({ standing }) => standing !== 'left');
      expect(seen.map(({ name, enabled }) => [name, enabled]).sort()).toEqual(
        present.map(({ uid }) => [uid, true]).sort(),
      );
      for (const group of await admin.groups(domain))
        expect((await admin.usersOf(group.id)).map(({ name }) => name).sort(), group.name).toEqual(
          (TEAMS[group.name] ?? [])
            .filter((one) => present.includes(one))
            .map(({ uid }) => uid)
            .sort(),
        );
      const expected = (right: boolean): Logins =>
        Object.fromEntries(
          [...PEOPLE, OUTSIDER].map((one) => [
            one.uid,
            right && one.standing === 'works' && one !== OUTSIDER ? 201 : 401,
          ]),
        );
      const people = [...PEOPLE, OUTSIDER];
      expect(await loginsOf(server, people, { domain: 'CORP', passwordOf })).toEqual(expected(true));
      const wrong = people.filter((_, at) => at % 10 === 0);
      const refused = await loginsOf(server, wrong, { domain: 'CORP', passwordOf: () => 'wrong' });
      expect(new Set(Object.values(refused))).toEqual(new Set([401]));
      // The account of Keystone's administrator is in SQL, and was never touched.
      expect(await server.login({ ...keystone.administrator })).toMatchObject({ status: 201 });
      expect(await readEntries(directory.ldapiUri, SUFFIX)).toEqual(before);
      expect(Object.keys(before)).toContain(dnOf(PEOPLE[0] ?? OUTSIDER));
    },
  );
});

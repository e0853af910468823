import { copyFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { buildProgram, main } from '../../src/cli/main.ts';
import { packageFile, readText } from '../../src/files.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { consoleBlocks, shellBlocks, shows, type ConsoleCommand } from '../support/console-blocks.ts';
import { describeLive } from '../support/describe-live.ts';
import { parseFault } from '../support/parse-fault.ts';
import { commandLines } from '../support/shell-words.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { testIo } from '../support/test-io.ts';

/** Standard output and error as a terminal shows them: one after the other as they come. */
async function typed(
  argv: readonly string[],
  { uri, ldapiUri, bindDn, password, suffix }: Sandbox,
  state: string,
) {
  const screen = new PassThrough();
  const env = {
    KEYSTONE_LDAP_STATE_DIR: join(state, 'state'),
    KEYSTONE_LDAP_URI: uri,
    KEYSTONE_LDAP_BIND_DN: bindDn,
    KEYSTONE_LDAP_PASSWORD: password.reveal(),
    KEYSTONE_LDAP_SUFFIX: suffix,
    KEYSTONE_LDAP_CONFIG_URI: ldapiUri,
    KEYSTONE_LDAP_LOGIN_PASSWORD: 'secrete',
  };
  const exitCode = await main(argv, { ...testIo({ env }).io, stdout: screen, stderr: screen });
  screen.end();
  return { exitCode, printed: (await screen.toArray()).map(String).join('') };
}

const PAGES = [
  'README.md',
  ...(await readdir(packageFile('docs')))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const DOCUMENTS = await Promise.all(
  PAGES.map(async (page) => ({ page, text: await readText(packageFile(page)) })),
);

describeLive('what a document shows', (slapd) => {
  test.each(DOCUMENTS.filter(({ text }) => consoleBlocks(text).length > 0))(
    '$page: each command does it, in a directory of its own',
    async ({ text }) => {
      await using sandbox = await startSandbox({ slapd });
      const folder = DisposableFolder.ofTest().path;
      await copyFile(packageFile('fixtures/keystone-conf/2011.3.conf'), join(folder, 'keystone.conf'));
      await copyFile(packageFile('fixtures/keystone-conf/modern.conf'), join(folder, 'zed.conf'));
      const inFolder = (word: string): string => (IN_FOLDER.test(word) ? join(folder, word) : word);
      for (const { words, output } of consoleBlocks(text)) {
        const { exitCode, printed } = await typed(words.slice(1).map(inFolder), sandbox, folder);
        const shown = printed.replaceAll(`${folder}/`, '').replaceAll(sandbox.uri, 'ldap://127.0.0.1:3890');
        expect(shows(output, shown), explain({ words, output }, shown)).toBe(true);
        expect(exitCode, shown).toBe(0);
      }
    },
  );
});

describe('a block for a shell', () => {
  const blocks = DOCUMENTS.flatMap(({ page, text }) =>
    shellBlocks(text).map((block) => ({ page, ...block })),
  );

  test('is run as a console block, or says why it is not', () => {
    const silent = blocks.filter(({ reason, test: file }) => reason === undefined && file === undefined);
    expect(
      silent.map(({ page, lines }) => [page, ...lines]),
      'write ```sh not run: WHY, or ```sh run by FILE',
    ).toEqual([]);
  });

  test('is looked for by the test that it names', async () => {
    for (const file of new Set(blocks.flatMap(({ test: name }) => name ?? [])))
      expect((await readText(packageFile(file))).replaceAll('\\', '')).toContain(`sh run by ${file}`);
  });

  test('has command lines that the program takes', async () => {
    for (const { page, lines } of blocks)
      for (const words of commandLines(lines)) {
        const program = await buildProgram(testIo().io, () => undefined);
        expect(parseFault(program, words), `${page}: ${words.join(' ')}`).toBeUndefined();
      }
  });
});

test('README.md is short', () => {
  expect(DOCUMENTS[0]?.text.split('\n').length).toBeLessThanOrEqual(250);
});

/** Files and folders that are named without a path are those of the test. */
const IN_FOLDER = /^(?:[\w.-]+[.](?:conf|pw|yaml|ldif|sh)|domains)$/;

function explain({ words, output }: ConsoleCommand, shown: string): string {
  return `${words.join(' ')}\n--- shown\n${output}\n--- printed\n${shown}`;
}

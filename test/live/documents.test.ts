import { copyFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildProgram } from '../../src/cli/main.ts';
import { packageFile, readText } from '../../src/files.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { consoleBlocks, shellBlocks } from '../support/console-blocks.ts';
import { describeLive } from '../support/describe-live.ts';
import { parseFault } from '../support/parse-fault.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { walkDocument } from '../support/docs/walk-document.ts';
import { commandLines } from '../support/shell-words.ts';
import { testIo } from '../support/test-io.ts';

/** Pages whose commands are about a directory of somebody else, and the test that walks them there. */
const WALKED_ELSEWHERE: Readonly<Record<string, string>> = {
  'docs/runbook-existing-directory.md': 'test/acceptance/runbook-existing-directory.test.ts',
  'docs/runbook-upgrade.md': 'test/acceptance/runbook-upgrade.test.ts',
};

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
  const walkedHere = DOCUMENTS.filter(
    ({ page, text }) => consoleBlocks(text).length > 0 && !(page in WALKED_ELSEWHERE),
  );

  test.each(walkedHere)('$page: each command does it, in a directory of its own', async ({ page, text }) => {
    await using sandbox = await startSandbox({ slapd });
    const folder = DisposableFolder.ofTest().path;
    await copyFile(packageFile('fixtures/keystone-conf/2011.3.conf'), join(folder, 'keystone.conf'));
    await copyFile(packageFile('fixtures/keystone-conf/modern.conf'), join(folder, 'zed.conf'));
    const conf = '/etc/keystone/keystone.conf';
    const names = { 'ldap://127.0.0.1:3890': sandbox.uri, [conf]: join(folder, 'zed.conf') };
    const walk = { folder, env: environmentOf(sandbox), names };
    // There must be something to restore.
    if (page === 'docs/runbook-restore.md')
      await walkDocument(consoleBlock(`keystone-ldap configure --keystone-conf ${conf} --release zed`), walk);
    await walkDocument(text, walk);
  });
});

test.each(Object.entries(WALKED_ELSEWHERE))('%s is walked by %s', async (page, file) => {
  expect(await readText(packageFile(file))).toContain(`walkDocument(`);
  expect(await readText(packageFile(file))).toContain(page);
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

test('README.md starts every way with a command that exists', async () => {
  const commands = [...(DOCUMENTS[0]?.text ?? '').matchAll(/^\|[^|]*\| `(keystone-ldap [^`]+)`/gm)];
  expect(commands.length).toBeGreaterThan(4);
  for (const words of commandLines(commands.flatMap(([, line = '']) => line.split(' && ')))) {
    const program = await buildProgram(testIo().io, () => undefined);
    expect(parseFault(program, words), words.join(' ')).toBeUndefined();
  }
});

test('README.md is short', () => {
  expect(DOCUMENTS[0]?.text.split('\n').length).toBeLessThanOrEqual(250);
});

const consoleBlock = (command: string): string => `\`\`\`console\n$ ${command}\n…\n\`\`\`\n`;

function environmentOf({ uri, ldapiUri, bindDn, password, suffix }: Sandbox) {
  return {
    KEYSTONE_LDAP_URI: uri,
    KEYSTONE_LDAP_BIND_DN: bindDn,
    KEYSTONE_LDAP_PASSWORD: password.reveal(),
    KEYSTONE_LDAP_SUFFIX: suffix,
    KEYSTONE_LDAP_CONFIG_URI: ldapiUri,
    KEYSTONE_LDAP_LOGIN_PASSWORD: 'secrete',
  };
}

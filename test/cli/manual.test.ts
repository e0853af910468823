import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { allCommands, commandFacts } from '../../src/cli/completion/command-facts.ts';
import { buildProgram } from '../../src/cli/main.ts';
import { manualPages } from '../../src/cli/manual/manual-pages.ts';
import { packageFile, readText } from '../../src/files.ts';
import { runCommand } from '../../src/sandbox/run-command.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { describeNeeding } from '../support/needs/needing.ts';
import { testIo } from '../support/test-io.ts';

const PROGRAM = commandFacts(await buildProgram(testIo().io, () => undefined));
const PAGES = manualPages(PROGRAM, { version: '1.2.3', date: '2026-01-31' });

describeNeeding(['man and mandoc'], 'the manual', () => {
  test.each(PAGES)(
    '$file has no fault for man and mandoc, and says all of the help',
    async ({ file, text }) => {
      const path = join(DisposableFolder.ofTest().path, file);
      await writeFile(path, text);
      const lint = await runCommand('mandoc', ['-Tlint', '-Wwarning', path]);
      expect(lint).toEqual({ exitCode: 0, stdout: '', stderr: '' });
      const env = { LC_ALL: 'C.UTF-8', MANWIDTH: '400', MAN_KEEP_FORMATTING: '' };
      const { stdout, stderr } = await runCommand('man', ['--warnings', '-E', 'UTF-8', '-l', path], { env });
      expect(stderr).toBe('');
      const command = allCommands(PROGRAM).find(
        (each) => `${['keystone-ldap', ...each.path].join('-')}.1` === file,
      );
      const shown = stdout.replace(/\s+/g, ' ');
      for (const { names, description } of command?.flags ?? [])
        for (const said of [...names, description.replace(/\s+/g, ' ')]) expect(shown).toContain(said);
      for (const line of command?.epilogue.split('\n').slice(1) ?? []) expect(stdout).toContain(line.trim());
    },
  );
});

test('there is a page for every command, which npm is told of', async () => {
  const typed = allCommands(PROGRAM).map(({ path }) => path);
  const files = typed
    .filter(([first]) => first !== 'help')
    .map((path) => `${['keystone-ldap', ...path].join('-')}.1`);
  expect(PAGES.map(({ file }) => file)).toEqual(files);
  const { man } = JSON.parse(await readText(packageFile('package.json'))) as { man: readonly string[] };
  expect(man, '"npm run build" writes it anew').toEqual(files.map((file) => `./man/${file}`));
});

import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import { consoleBlocks, shows, type ConsoleCommand } from '../console-blocks.ts';
import { testIo, type TestIoOptions } from '../test-io.ts';

export interface Walk {
  /** Where the files are that the document names without a path. */
  readonly folder: string;
  readonly env?: TestIoOptions['env'];
  /** What the document calls by a name of its own, such as the server: shown and real. */
  readonly names?: Readonly<Record<string, string>>;
}

/** Runs every command of the ```console blocks of a document in order, and compares what it prints. */
export async function walkDocument(markdown: string, walk: Walk): Promise<void> {
  for (const command of consoleBlocks(markdown)) {
    const { exitCode, printed } = await typed(command.words.slice(1), walk);
    expect(shows(command.output, printed), explain(command, printed)).toBe(true);
    expect(exitCode, explain(command, printed)).toBe(0);
  }
}

/** Standard output and error as a terminal shows them: one after the other as they come. */
async function typed(words: readonly string[], { folder, env = {}, names = {} }: Walk) {
  const screen = new PassThrough();
  const io = testIo({ env: { ...env, KEYSTONE_LDAP_STATE_DIR: join(folder, 'state') } }).io;
  const argv = words.map((word) => (IN_FOLDER.test(word) ? join(folder, word) : withRealNames(word, names)));
  // Read while it is written: a full pipe would hold the command back.
  const lines = screen.toArray();
  const exitCode = await main(argv, { ...io, stdout: screen, stderr: screen });
  screen.end();
  const printed = withShownNames((await lines).map(String).join(''), names);
  return { exitCode, printed: printed.replaceAll(`${folder}/`, '') };
}

/** Replaces what the document calls by a name of its own. */
export function withRealNames(text: string, names: Readonly<Record<string, string>>): string {
  return Object.entries(names).reduce((all, [shown, real]) => all.replaceAll(shown, real), text);
}

function withShownNames(text: string, names: Readonly<Record<string, string>>): string {
  return Object.entries(names).reduce((all, [shown, real]) => all.replaceAll(real, shown), text);
}

/** Files and folders that are named without a path are those of the test. */
const IN_FOLDER = /^(?:[\w.-]+[.](?:conf|pw|yaml|ldif|sh)|domains)$/;

function explain({ words, output }: ConsoleCommand, printed: string): string {
  return `${words.join(' ')}\n--- shown\n${output}\n--- printed\n${printed}`;
}

/** The body of the ```yaml block whose fence names this file. */
export function yamlBlock(markdown: string, file: string): string {
  const body = new RegExp(`^\`\`\`yaml ${file.replaceAll('.', '[.]')}\\n(.*?)^\`\`\`$`, 'ms').exec(
    markdown,
  )?.[1];
  if (body === undefined) throw new Error(`No block \`\`\`yaml ${file} in the document.`);
  return body;
}

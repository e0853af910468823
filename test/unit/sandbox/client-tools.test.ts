import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findClientTool, pathWithClientTools, writeClientTools } from '../../../src/sandbox/client-tools.ts';
import { runCommand } from '../../../src/sandbox/run-command.ts';
import { DisposableFolder } from '../../support/disposable-folder.ts';

/** A tree as packages leave it, with a program that says how it was called. */
async function unpackedTree(): Promise<string> {
  const root = DisposableFolder.ofTest().path;
  await mkdir(join(root, 'usr/bin'), { recursive: true });
  const says = '#!/bin/sh\necho "${0##*/}" "$LD_LIBRARY_PATH" "$@"\n';
  await writeFile(join(root, 'usr/bin/ldapmodify'), says, { mode: 0o755 });
  await symlink('ldapmodify', join(root, 'usr/bin/ldapadd'));
  await writeFile(join(root, 'usr/bin/other'), says, { mode: 0o755 });
  return root;
}

test('a tool runs with the libraries of its tree, under its own name, with its words', async () => {
  const root = await unpackedTree();
  await writeClientTools(root, ['usr/lib/x-linux-gnu', 'usr/lib']);
  const tool = join(root, 'client-tools/ldapadd');
  const { stdout } = await runCommand(tool, ['-f', 'a  b']);
  expect(stdout).toBe(`ldapadd ${root}/usr/lib/x-linux-gnu:${root}/usr/lib -f a  b\n`);
});

test('other programs of the packages are no tools', async () => {
  const root = await unpackedTree();
  await writeClientTools(root, []);
  expect((await runCommand('ls', [join(root, 'client-tools')])).stdout).toBe('ldapadd\nldapmodify\n');
});

test('the tools of the machine come first', async () => {
  const clientTools = '/copy/client-tools';
  const env = { PATH: join(await unpackedTree(), 'usr/bin') };
  expect(await findClientTool('ldapadd', { clientTools }, env)).toBe('ldapadd');
  expect(await findClientTool('ldapsearch', { clientTools }, env)).toBe('/copy/client-tools/ldapsearch');
  expect(await findClientTool('ldapsearch', {}, env)).toBeUndefined();
  expect(pathWithClientTools('/bin', clientTools)).toBe('/bin:/copy/client-tools');
  expect(pathWithClientTools(undefined, undefined)).toBeUndefined();
});

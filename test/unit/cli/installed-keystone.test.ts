import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { installedKeystone } from '../../../src/cli/inputs/installed-keystone.ts';
import { DisposableFolder } from '../../support/disposable-folder.ts';
import { testIo } from '../../support/test-io.ts';

/** A PATH with programs that print this. */
async function machineWith(programs: Readonly<Record<string, string>>) {
  const folder = DisposableFolder.ofTest().path;
  for (const [name, output] of Object.entries(programs)) {
    const path = join(folder, name);
    await writeFile(path, `#!/bin/sh\n${output.startsWith('!') ? output.slice(1) : `echo '${output}'`}\n`);
    await chmod(path, 0o755);
  }
  return await installedKeystone(testIo({ env: { PATH: folder } }).io);
}

test.each([
  ['keystone-manage', '22.0.2', 'zed'],
  ['keystone-manage', '2011.3', '2011.3'],
  ['keystone-manage', '2012.1-dev', undefined],
  ['dpkg-query', 'installed 2:25.0.0-0ubuntu1', '2024.1'],
  ['dpkg-query', 'installed 2012.1~e3-1', undefined],
  ['dpkg-query', 'installed 2012.1+stable~20120612-1', '2012.1'],
  ['rpm', 'installed 21.0.1', 'yoga'],
  ['python3', '29.0.0.dev12', '2026.1'],
  ['dpkg-query', 'installed 2:30.0.0-3', '2026.2'],
  ['python3', '99.0.0', undefined],
])('%s says %j: %s', async (program, output, release) => {
  expect(await machineWith({ [program]: output })).toMatchObject({ release, by: program });
});

test('is none where no program knows one, or only a configuration is left', async () => {
  expect(await machineWith({})).toBeUndefined();
  const programs = {
    'dpkg-query': 'config-files 2:22.0.2-0+deb12u1',
    python3: '!exit 1',
    rpm: 'not installed',
  };
  expect(await machineWith(programs)).toBeUndefined();
});

test('two that tell two releases tell none', async () => {
  const both = await machineWith({ 'keystone-manage': '27.0.0', 'dpkg-query': 'installed 2:22.0.2-1' });
  expect(both).toMatchObject({ version: '27.0.0', release: undefined });
  const one = await machineWith({ 'keystone-manage': '22.0.3', 'dpkg-query': 'installed 2:22.0.2-1' });
  expect(one).toMatchObject({ release: 'zed' });
});

import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runToSuccess } from '../../src/sandbox/run-command.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface CompiledCli extends AsyncDisposable {
  /** What `bin/keystone-ldap.js` is to a package. */
  readonly script: string;
}

/** The command line tool as it is shipped, for tests that start it so often that compiling each time is too slow. */
export async function compiledCli(): Promise<CompiledCli> {
  const folder = await mkdtemp(join(tmpdir(), 'keystone-ldap-compiled-'));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  await runToSuccess(
    'node',
    [tsc, '-p', join(root, 'tsconfig.build.json'), '--outDir', join(folder, 'dist')],
    { cwd: root },
  );
  for (const name of ['package.json', 'schema', 'fixtures', 'node_modules'])
    await symlink(join(root, name), join(folder, name));
  await mkdir(join(folder, 'bin'));
  const script = join(folder, 'bin/keystone-ldap.js');
  await writeFile(
    script,
    "import { main } from '../dist/cli/main.js';\nimport { processIo } from '../dist/cli/terminal/process-io.js';\n" +
      'process.exitCode = await main(process.argv.slice(2), processIo());\n',
  );
  return { script, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

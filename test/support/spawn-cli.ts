import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';

/** A command line as a process of its own, which can be killed in the middle. */
export function spawnCli({ uri, bindDn, password }: Sandbox, argv: readonly string[], stateDir: string) {
  const env = {
    ...process.env,
    KEYSTONE_LDAP_URI: uri,
    KEYSTONE_LDAP_BIND_DN: bindDn,
    KEYSTONE_LDAP_PASSWORD: password.reveal(),
    KEYSTONE_LDAP_STATE_DIR: stateDir,
  };
  const script = fileURLToPath(new URL('cli-process.js', import.meta.url));
  const child = spawn(process.execPath, [script, ...argv], { env, stdio: 'ignore' });
  const exited = once(child, 'exit');
  return {
    /** Resolves when the journal has so many lines, header included. */
    untilJournalHas: async (lines: number): Promise<void> => {
      const runs = join(stateDir, 'runs');
      await mkdir(runs, { recursive: true });
      await new Promise<void>((resolve) => {
        const watcher = watch(runs, () => {
          void countLines(runs).then((count) => {
            if (count < lines) return;
            watcher.close();
            resolve();
          });
        });
      });
    },
    kill: async (): Promise<unknown> => {
      child.kill('SIGKILL');
      return (await exited)[1];
    },
  };
}

async function countLines(folder: string): Promise<number> {
  const name = (await readdir(folder)).find((one) => one.endsWith('.ndjson'));
  return name === undefined ? 0 : (await readFile(join(folder, name), 'utf8')).split('\n').length - 1;
}

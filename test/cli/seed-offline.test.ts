import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runCli } from '../support/run-cli.ts';

const SCRIPT = fileURLToPath(new URL('../support/cli-process.js', import.meta.url));
const SEED = ['seed', '-r', 'zed', '-b', 'dc=example,dc=com', '--offline', '-', '--generate'];

test('a reader that ends early is none of our failures', () => {
  const pipe = 'node "$0" "$@" | head -c 100 >/dev/null; exit ${PIPESTATUS[0]}';
  const { status, stderr } = spawnSync('bash', ['-c', pipe, SCRIPT, ...SEED, 'users=20000'], {
    encoding: 'utf8',
  });
  expect(stderr).toMatch(/\n2000\d entries for slapadd\.\n$/);
  expect(status).toBe(0);
});

test('a slip in --generate is guessed', async () => {
  const { stderr, exitCode } = await runCli([...SEED, 'user=5']);
  expect(stderr).toContain('error: --generate: "user=5" is not understood; did you mean "users"?\n');
  expect(exitCode).toBe(2);
});

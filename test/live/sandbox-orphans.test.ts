import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { listSandboxes, reapSandboxes } from '../../src/sandbox/sandbox-registry.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { describeLive } from '../support/describe-live.ts';
import { isRunning } from '../support/is-running.ts';

const OWNER = fileURLToPath(new URL('../support/sandbox-owner.js', import.meta.url));

interface Owned {
  readonly owner: ChildProcess;
  readonly dir: string;
  readonly pid: number;
}

async function start(env: Record<string, string>): Promise<Owned> {
  const owner = spawn(process.execPath, [OWNER], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  onTestFinished(() => leave(owner));
  for await (const line of createInterface(owner.stdout)) {
    const { dir, pid } = JSON.parse(line) as { dir: string; pid: number };
    return { owner, dir, pid };
  }
  throw new Error('The owner ended before it had a sandbox.');
}

/** What a record says of a running sandbox whatever became of its owner. */
function found(dir: string) {
  const uri = expect.stringMatching(/^ldap:\/\/127\.0\.0\.1:\d+$/) as string;
  return { id: dir.slice(-6), dir, uri, card: undefined, hasFolder: true };
}

async function end(owner: ChildProcess, how: () => unknown): Promise<void> {
  const ended = once(owner, 'exit');
  how();
  await ended;
}

/** By the end of its standard input the owner exits, and its sandbox with it. */
async function leave(owner: ChildProcess): Promise<void> {
  if (owner.exitCode === null && owner.signalCode === null) await end(owner, () => owner.stdin?.end());
}

describeLive('the owner of a sandbox', (slapd) => {
  let registry: string;
  const env = { KEYSTONE_LDAP_SLAPD: slapd.slapd };

  // A registry of our own: other test files reap too.
  beforeEach(async () => {
    const temporary = await mkdtemp('/tmp/k-');
    onTestFinished(async () => {
      vi.unstubAllEnvs();
      await rm(temporary, { recursive: true });
    });
    vi.stubEnv('TMPDIR', temporary);
    registry = join(temporary, `keystone-ldap-${process.geteuid?.() ?? 0}`);
  });

  test('killed with SIGKILL leaves a slapd that the next start ends', async () => {
    const { owner, dir, pid } = await start(env);
    await end(owner, () => owner.kill('SIGKILL'));
    expect(isRunning(pid)).toBe(true);
    expect(await listSandboxes()).toEqual([
      { ...found(dir), ownerPid: owner.pid, isOwnerAlive: false, slapdPid: pid },
    ]);

    await using sandbox = await startSandbox({ slapd });
    expect(existsSync(dir)).toBe(false);
    await vi.waitUntil(() => !isRunning(pid), { interval: 5 });
    expect(await listSandboxes()).toEqual([
      { ...found(sandbox.dir), ownerPid: process.pid, isOwnerAlive: true, slapdPid: sandbox.pid },
    ]);
  });

  test('that calls process.exit leaves nothing', async () => {
    const { owner, dir, pid } = await start(env);
    await leave(owner);
    expect(existsSync(dir)).toBe(false);
    await vi.waitUntil(() => !isRunning(pid), { interval: 5 });
  });

  test('that lives keeps its sandbox when others clean up', async () => {
    const { dir, pid } = await start(env);
    expect(await reapSandboxes()).toEqual([]);
    expect(existsSync(dir)).toBe(true);
    expect(isRunning(pid)).toBe(true);
  });

  test('is not mistaken for a later process of its PID, which comes to no harm', async () => {
    const stranger = spawn('sleep', ['60'], { stdio: 'ignore' });
    onTestFinished(() => void stranger.kill());
    await once(stranger, 'spawn');
    await listSandboxes();
    const dir = join(registry, `${stranger.pid ?? 0}-zzzzzz-0a0b0c`);
    await mkdir(dir);
    expect(await reapSandboxes()).toEqual([dir]);
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
  });

  test('keeps its hands off what no sandbox made', async () => {
    await listSandboxes();
    await mkdir(join(registry, 'notes'));
    expect(await reapSandboxes()).toEqual([]);
    expect(existsSync(join(registry, 'notes'))).toBe(true);
  });

  test('does not use a registry that others may enter', async () => {
    await listSandboxes();
    await chmod(registry, 0o755);
    await expect(startSandbox({ slapd })).rejects.toMatchObject({
      code: 'FILE_UNWRITABLE',
      message: `Cannot keep sandboxes in ${registry}: others may enter it.`,
    });
  });
});

import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chalk } from 'chalk';
import { openSession } from '../../directory/open-session.ts';
import { packageFile } from '../../files.ts';
import { loadSampleData } from '../../identities/read/load-sample-data.ts';
import { shellWord } from '../../shell-word.ts';
import { DEFAULT_RELEASE } from '../../releases/find-release.ts';
import { findSlapd } from '../../sandbox/find-slapd.ts';
import type { SlapdInstallation } from '../../sandbox/slapd-installation.ts';
import { startSandbox, type Sandbox } from '../../sandbox/start-sandbox.ts';
import type { CommandContext } from '../flags/command-context.ts';
import type { ExitCode, Io } from '../terminal/io.ts';
import { requireRelease } from '../flags/of-flag.ts';
import { remark, say } from '../terminal/output.ts';
import { renderTree } from '../render/render-tree.ts';
import { commandEnvironment } from '../sandbox/command-environment.ts';
import { sandboxEnvironment } from '../../sandbox/sandbox-environment.ts';

export interface DemoFlags {
  readonly release?: string;
}

/** What `demo` does: the real commands, one after the other, each shown as one would type it. */
export async function runDemo(flags: DemoFlags, io: Io, run: CommandContext['run']): Promise<ExitCode> {
  const release = requireRelease(flags.release ?? DEFAULT_RELEASE);
  const slapd = await slapdOf(io);
  const folder = await mkdtemp(join(tmpdir(), 'keystone-ldap-demo-'));
  try {
    const conf = join(folder, 'keystone.conf');
    const original = release.conf.kind === 'legacy' ? release.name : 'modern';
    await copyFile(packageFile(`fixtures/keystone-conf/${original}.conf`), conf);
    await using sandbox = await startSandbox({ slapd, signal: io.signal });
    say(
      io,
      `A throw-away OpenLDAP answers at ${sandbox.uri}; its empty database has the suffix ${sandbox.suffix}.`,
    );
    const { name: user, password } = await loginOf(release.name);
    const steps = [
      ['init', '--release', release.name],
      ['seed', '--release', release.name],
      ['configure', '--release', release.name, '--keystone-conf', conf],
      ['verify', '--release', release.name, '--keystone-conf', conf, '--sample', '--login', user],
    ];
    const code = await runSteps(
      steps,
      {
        ...io,
        asker: undefined,
        env: environment(io.env, sandbox, password),
      },
      run,
    );
    if (code === 0) await showTree(sandbox, io);
    return code;
  } finally {
    await rm(folder, { recursive: true });
    say(io, '\nThe server and its files are gone again.');
  }
}

async function slapdOf(io: Io): Promise<SlapdInstallation> {
  const found = await findSlapd(io.env);
  if (found !== undefined) return found;
  remark(
    io,
    'There is no slapd on this machine; making a private copy, as "keystone-ldap sandbox fetch" does.',
  );
  const { fetchSlapd } = await import('../../sandbox/fetch-slapd.ts');
  return await fetchSlapd({ env: io.env, signal: io.signal, onStep: (text) => remark(io, text) });
}

/** The first user of the sample data who can log in. */
async function loginOf(release: string): Promise<{ readonly name: string; readonly password: string }> {
  const { users } = await loadSampleData(release);
  const found = users.find(({ enabled, password }) => enabled && password !== undefined);
  return { name: found?.name ?? '', password: found?.password?.reveal() ?? '' };
}

/** `init`, `seed` and `configure` take the server from the environment, as in a runbook. */
function environment(own: Io['env'], sandbox: Sandbox, loginPassword: string): Io['env'] {
  return {
    ...commandEnvironment(own, sandboxEnvironment(sandbox, undefined)),
    KEYSTONE_LDAP_LOGIN_PASSWORD: loginPassword,
    KEYSTONE_LDAP_LOGIN_PASSWORD_FILE: undefined,
  };
}

async function runSteps(steps: readonly string[][], io: Io, run: CommandContext['run']): Promise<ExitCode> {
  const paint = new Chalk({ level: io.colour ? 1 : 0 });
  for (const step of steps) {
    say(io, paint.bold(`\n$ keystone-ldap ${step.map(shellWord).join(' ')}`));
    const code = await run(step, io);
    if (code !== 0) return code;
  }
  return 0;
}

async function showTree({ uri, bindDn, password, suffix }: Sandbox, io: Io): Promise<void> {
  await using directory = await openSession({ uri, credentials: { kind: 'simple', dn: bindDn, password } });
  say(io, `\nThe tree:\n${await renderTree(directory, suffix)}`);
}

import { readFile } from 'node:fs/promises';
import { lastLines, runCommand } from '../../../src/sandbox/run-command.ts';
import type { KeystoneInstallation } from './find-keystone.ts';
import { placeIn } from './overlay-conf.ts';

/** Where to run Keystone's programs, and with what. */
export interface KeystoneSetting {
  readonly installation: KeystoneInstallation;
  /** The folder of {@link placeIn}. */
  readonly dir: string;
  /** In the order in which Keystone reads them: the later one wins. */
  readonly confFiles: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

export function confArgs({ dir, confFiles }: KeystoneSetting): readonly string[] {
  return ['--config-dir', placeIn(dir).emptyDir, ...confFiles.flatMap((file) => ['--config-file', file])];
}

/** Runs keystone-manage to success; when it fails, it usually tells only its log why. */
export async function keystoneManage(
  setting: KeystoneSetting,
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { installation, signal, dir } = setting;
  const args = [...confArgs(setting), ...command];
  const { exitCode, stderr } = await runCommand(installation.manage, args, { env, signal });
  if (exitCode === 0) return;
  const said = await lastSaid(dir, stderr);
  throw new Error(`keystone-manage ${command.join(' ')} ended with exit code ${exitCode}: ${said}`);
}

/** The end of Keystone's log, and of its output where it did not come as far as to have a log. */
export async function lastSaid(dir: string, output: string): Promise<string> {
  const log = await readFile(placeIn(dir).log, 'utf8').catch(() => '');
  return lastLines(log || output, 12);
}

/** Gives a user the administrator's role; one in LDAP must be there already, enabled and with just this password. */
export async function bootstrap(
  setting: KeystoneSetting,
  { user, password }: { readonly user: string; readonly password: string },
): Promise<void> {
  const env = { OS_BOOTSTRAP_USERNAME: user, OS_BOOTSTRAP_PASSWORD: password };
  await keystoneManage(setting, ['bootstrap'], env);
}

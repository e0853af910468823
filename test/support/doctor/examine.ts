import type { FindingCode, Finding } from '../../../src/doctor/finding.ts';
import type { Session } from '../../../src/directory/session.ts';
import { packageFile, readText } from '../../../src/files.ts';
import type { SlapdInstallation } from '../../../src/sandbox/slapd-installation.ts';
import { asManager } from '../seeded-sandbox.ts';
import { runCli } from '../run-cli.ts';
import { soundKeystone, type SoundKeystone, type SoundOptions } from './sound-keystone.ts';

/** One thing that is wrong, and what the doctor must say of it. */
export interface DoctorCase extends Omit<SoundOptions, 'slapd'> {
  readonly name: string;
  readonly expected: readonly (readonly [
    FindingCode,
    Finding['severity'],
    message: string,
    remedy?: string,
  ])[];
  /** Zed of Debian 12 by default, which has the fix of OSSA-2026-007. */
  readonly release?: string;
  readonly breakIt?: (session: Session, keystone: SoundKeystone) => Promise<void>;
  readonly argv?: (keystone: SoundKeystone) => readonly string[];
}

export interface DoctorVerdict {
  readonly exitCode: number;
  readonly findings: readonly Finding[];
  readonly examined: readonly { readonly requests: number; readonly entries: Record<string, number> }[];
  readonly stderr: string;
}

/** Runs the doctor, by the command line, on a server where just this is wrong. */
export async function examineCase(slapd: SlapdInstallation, one: DoctorCase): Promise<DoctorVerdict> {
  await using keystone = await soundKeystone({ ...one, slapd });
  if (one.breakIt !== undefined) {
    await using session = await asManager(keystone.server);
    await one.breakIt(session, keystone);
  }
  return await examineKeystone(keystone, one.release, one.argv?.(keystone));
}

export async function examineKeystone(
  { conf, server }: SoundKeystone,
  release = '22.0.2-0+deb12u6',
  argv: readonly string[] = ['--keystone-conf', conf, '--config-uri', server.ldapiUri],
): Promise<DoctorVerdict> {
  const { exitCode, stdout, stderr } = await runCli(['doctor', '--release', release, '--json', ...argv]);
  const { findings = [], examined = [] } = (
    stdout === '' ? {} : JSON.parse(stdout)
  ) as Partial<DoctorVerdict>;
  return { exitCode, findings, examined, stderr };
}

/** The bound that docs/findings.md promises for each driver. */
export async function mostRequests(): Promise<number> {
  const [, most] = /at most (\d+) requests/.exec(await readText(packageFile('docs/findings.md'))) ?? [];
  return Number(most);
}

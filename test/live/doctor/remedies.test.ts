import { expect, test } from 'vitest';
import type { Finding } from '../../../src/doctor/finding.ts';
import { describeLive } from '../../support/describe-live.ts';
import { carryOut, remedyKind } from '../../support/doctor/carry-out.ts';
import { examineKeystone } from '../../support/doctor/examine.ts';
import { soundKeystone, type SoundKeystone } from '../../support/doctor/sound-keystone.ts';
import { runCli } from '../../support/run-cli.ts';
import { asManager } from '../../support/seeded-sandbox.ts';
import { ADVICE_CASES } from './cases/advice.ts';
import { ENTRY_CASES } from './cases/entries.ts';
import { FILE_CASES } from './cases/files.ts';
import { SERVER_CASES } from './cases/server.ts';
import { SERVICE_CASES } from './cases/service.ts';

const CASES = [...FILE_CASES, ...SERVICE_CASES, ...SERVER_CASES, ...ENTRY_CASES, ...ADVICE_CASES];

const keyOf = ({ code, subject }: Finding): string => `${code} ${subject.replace(/:\d+| = .*$/g, '')}`;

/** What works as Keystone sees it: each user with `enabled`, each group with how many members, and a login. */
async function whatWorks({ conf }: SoundKeystone, release: string): Promise<readonly string[]> {
  const argv = ['--keystone-conf', conf, '--release', release];
  const lists = await Promise.all(
    ['users', 'groups'].map(async (command) => {
      const { exitCode, stdout } = await runCli([command, ...argv]);
      return exitCode === 0 ? stdout.split('\n').slice(1, -1) : [];
    }),
  );
  const login = await runCli(['login', 'alice', ...argv], {
    env: { KEYSTONE_LDAP_LOGIN_PASSWORD: 'secret' },
  });
  return [...lists.flat(), ...(login.exitCode === 0 ? ['alice logs in'] : [])];
}

/** Disabled users and empty groups are not what works. */
const worked = (line: string): boolean => !/ no {2}| 0 {2,}(?:cn|uid)=/.test(line);

/** The columns that name an entry: a remedy may show more of it. */
const nameIn = (line: string): string => line.trim().split(/\s+/)[0] ?? '';

describeLive('a remedy', (slapd) => {
  test.each(CASES.filter(({ expected }) => expected.length > 0).map((one) => [one.name, one] as const))(
    'for %s',
    async (_, one) => {
      await using keystone = await soundKeystone({ ...one, slapd });
      await using manager = await asManager(keystone.server);
      if (one.breakIt !== undefined) await one.breakIt(manager, keystone);
      const release = one.release ?? '22.0.2-0+deb12u6';
      const examine = () => examineKeystone(keystone, release, one.argv?.(keystone));
      let { findings } = await examine();
      for (const finding of findings) {
        const kind = remedyKind(finding);
        expect(kind, finding.remedy).not.toBe('unclear');
        if (kind === 'decision' || kind === 'nothing')
          expect(finding.remedy).not.toMatch(/"(?:keystone|ch\w+|ldap\w*)[ -]|Run "/);
      }
      const done = findings.filter((one) => !['decision', 'nothing'].includes(remedyKind(one)));
      for (const finding of done) {
        if (!findings.some((left) => keyOf(left) === keyOf(finding))) continue;
        const before = await whatWorks(keystone, release);
        await carryOut(finding, keystone, manager);
        const after = await examine();
        const keys = findings.map(keyOf);
        expect(after.findings.map(keyOf)).not.toContain(keyOf(finding));
        const fresh = after.findings.filter(
          (left) => left.severity === 'error' && !keys.includes(keyOf(left)),
        );
        expect(fresh).toEqual([]);
        const works = (await whatWorks(keystone, release)).filter(worked).map(nameIn);
        expect(works).toEqual(expect.arrayContaining(before.filter(worked).map(nameIn)));
        ({ findings } = after);
      }
    },
  );
});

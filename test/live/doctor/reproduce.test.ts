import fc from 'fast-check';
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import type { Finding } from '../../../src/doctor/finding.ts';
import { compiledCli, type CompiledCli } from '../../support/compiled-cli.ts';
import { describeLive } from '../../support/describe-live.ts';
import { DisposableFolder } from '../../support/disposable-folder.ts';
import {
  group,
  soundKeystone,
  user,
  USERS,
  type SoundKeystone,
} from '../../support/doctor/sound-keystone.ts';
import { runCli } from '../../support/run-cli.ts';
import { asManager } from '../../support/seeded-sandbox.ts';
import { ADVICE_CASES } from './cases/advice.ts';
import { ENTRY_CASES } from './cases/entries.ts';

const REPEATED = [...ENTRY_CASES, ...ADVICE_CASES].filter(({ name }) =>
  /is not always|an id with|slash|member|group|disabled|quotes|user_filter = |driver = LDAP|class of users|in the middle|name of more/.test(
    name,
  ),
);

const codesOf = (stdout: string): readonly string[] => [
  ...new Set(
    (JSON.parse(stdout) as { readonly findings: readonly Finding[] }).findings.map(({ code }) => code),
  ),
];

async function reproduce({ conf }: SoundKeystone, release = '22.0.2-0+deb12u6') {
  const dir = join(DisposableFolder.ofTest().path, 'report');
  const argv = ['doctor', '--keystone-conf', conf, '--release', release, '--json', '--reproduce', dir];
  const result = await runCli(argv);
  expect(result.exitCode, result.stderr).toBeLessThan(2);
  return { dir, codes: codesOf(result.stdout) };
}

/** Runs the report as who gets it does. */
async function replay(dir: string, script: string): Promise<readonly string[]> {
  const env = { ...process.env, KL: `node ${script}` };
  const run = promisify(execFile)('sh', ['./run.sh', '--json'], { cwd: dir, env });
  const { stdout } = await run.catch((error: unknown) => error as { readonly stdout: string });
  return codesOf(stdout);
}

async function allText(dir: string): Promise<string> {
  return (await Promise.all((await readdir(dir)).map((name) => readFile(join(dir, name), 'utf8')))).join(
    '\n',
  );
}

describeLive('a report of doctor', (slapd) => {
  let cli: CompiledCli;
  beforeAll(async () => {
    cli = await compiledCli();
    return () => cli[Symbol.asyncDispose]();
  });

  test.each(REPEATED.map((one) => [one.name, one] as const))(
    'shows the same again for %s',
    async (_, one) => {
      await using keystone = await soundKeystone({ ...one, slapd });
      await using manager = await asManager(keystone.server);
      if (one.breakIt !== undefined) await one.breakIt(manager, keystone);
      const { dir, codes } = await reproduce(keystone, one.release);
      const facts = JSON.parse(await readFile(join(dir, 'report.json'), 'utf8')) as {
        readonly reproduced: string[];
      };
      expect(facts.reproduced.length).toBeGreaterThanOrEqual(Math.min(codes.length, 1));
      const again = await replay(dir, cli.script);
      expect(again.filter((code) => code !== 'INDEX_MISSING').toSorted()).toEqual(
        codes.filter((code) => facts.reproduced.includes(code)).toSorted(),
      );
    },
  );

  test('holds no name, address or password of the original', async () => {
    const word = fc.stringMatching(/^q[a-z]{9,14}z$/);
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(word, { minLength: 5, maxLength: 5 }),
        async ([a = '', b = '', c = '', d = '', e = '']) => {
          await using keystone = await soundKeystone({
            slapd,
            entries: [
              user(a, { cn: [b], sn: [c], mail: [`${b}@${c}.org`] }),
              group(d, [`uid=${a},${USERS}`, `uid=${e},${USERS}`]),
            ],
            ldap: {
              user_filter: `(!(|(cn=${e})(mail=*${e}*)))`,
              user_enabled_emulation_dn: `cn=${d},${USERS}`,
            },
          });
          const { dir } = await reproduce(keystone);
          const text = (await allText(dir)).toLowerCase();
          for (const hidden of [
            a,
            b,
            c,
            d,
            e,
            'keystone-password',
            'alice',
            new URL(keystone.server.uri).host,
          ])
            expect(text).not.toContain(hidden);
        },
      ),
      { numRuns: 8 },
    );
  });

  test('is not mixed with what a folder holds', async () => {
    await using keystone = await soundKeystone({ slapd });
    const dir = join(DisposableFolder.ofTest().path, 'full');
    await mkdir(dir);
    await writeFile(join(dir, 'mine'), 'x');
    const { exitCode, stderr } = await runCli([
      'doctor',
      '--keystone-conf',
      keystone.conf,
      '--release',
      'zed',
      '--reproduce',
      dir,
    ]);
    expect({ exitCode, names: await readdir(dir) }).toEqual({ exitCode: 2, names: ['mine'] });
    expect(stderr).toContain('it exists and is not empty');
  });
});

import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc, { type Arbitrary } from 'fast-check';
import { expect, inject, test } from 'vitest';
import { describeKeystone } from '../../support/keystone/describe-keystone.ts';
import { arbitraryApplication } from './arbitrary-application.ts';
import { arbitraryDomains, arbitraryTls } from './arbitrary-tls.ts';
import type { SystemDifference } from './system-answer.ts';
import { SystemTwins } from './system-twins.ts';
import type { SystemCase } from './system-case.ts';

const KEPT = fileURLToPath(new URL('kept/', import.meta.url));
/** `npm run twin` asks for others, and for the shrunk cases to be kept. */
const SEED = Number(process.env['TWIN_SEED'] ?? 22);
const WHAT = process.env['TWIN_WHAT'];
const KEEPS = process.env['TWIN_KEEP'] === '1';

const KINDS: readonly {
  readonly what: string;
  readonly cases: number;
  readonly drawn: Arbitrary<SystemCase>;
}[] = [
  { what: 'application', cases: 50, drawn: arbitraryApplication },
  { what: 'tls', cases: 50, drawn: arbitraryTls },
  { what: 'domains', cases: 30, drawn: arbitraryDomains },
];

interface KeptCase extends SystemCase {
  readonly name: string;
}

interface Differing {
  readonly one: SystemCase;
  readonly differences: readonly SystemDifference[];
}

/** The case of this seed, as small as it gets, if it is answered differently. */
async function differingCase(
  twins: SystemTwins,
  drawn: Arbitrary<SystemCase>,
  seed: number,
): Promise<Differing | undefined> {
  const broken: unknown[] = [];
  let differing: Differing | undefined;
  const isSame = async (one: SystemCase): Promise<boolean> => {
    try {
      const differences = await twins.compare(one);
      if (differences.length > 0) differing = { one, differences };
      return differences.length === 0;
    } catch (error) {
      broken.push(error);
      return true;
    }
  };
  await fc.check(fc.asyncProperty(drawn, isSame), { seed, numRuns: 1 });
  if (broken.length > 0) throw new AggregateError(broken, `seed ${seed} cannot be asked about`);
  return differing;
}

describeKeystone('The whole Keystone 22 and this tool', (servers) => {
  const installed = process.env['TWIN_VERSION'] ?? inject('judges')['22']?.version ?? 'zed';

  test('answer every case that was kept the same', { timeout: 300_000 }, async () => {
    await using twins = await SystemTwins.start(servers, installed);
    for (const file of await readdir(KEPT)) {
      const { name, ...one } = JSON.parse(await readFile(join(KEPT, file), 'utf8')) as KeptCase;
      expect(await twins.compare(one), `${file}: ${name}`).toEqual([]);
    }
  });

  test('work with sound files, so that they do not only fail alike', async () => {
    await using twins = await SystemTwins.start(servers, installed);
    const sound = JSON.parse(await readFile(join(KEPT, 'sound.json'), 'utf8')) as KeptCase;
    const { keystone } = await twins.ask(sound);
    expect(keystone.outcomes).toMatchObject([
      { is: 'list', list: [{ id: 'alice', enabled: true }] },
      { is: 'list', list: [{ id: 'team' }] },
      { is: 'in', id: 'alice' },
      { is: 'refused' },
      { is: 'refused' },
    ]);
  });

  test.each(KINDS.filter(({ what }) => WHAT === undefined || WHAT === what))(
    `answer cases of $what, from seed ${SEED} on, the same`,
    { timeout: 24 * 3600_000 },
    async ({ what, cases, drawn }) => {
      await using twins = await SystemTwins.start(servers, installed);
      let differing = 0;
      const last = SEED + Number(process.env['TWIN_CASES'] ?? cases);
      for (let seed = SEED; seed < last; seed += 1) {
        const found = await differingCase(twins, drawn, seed);
        if (found === undefined) continue;
        differing += 1;
        const { one, differences } = found;
        const told = { name: `${what}, seed ${seed}`, ...one };
        console.log(`${what}, seed ${seed}: ${JSON.stringify({ ...told, differences })}`);
        if (KEEPS) await writeFile(join(KEPT, `${what}-${seed}.json`), `${JSON.stringify(told, null, 2)}\n`);
      }
      expect(differing, 'cases that are answered differently').toBe(0);
    },
  );
});

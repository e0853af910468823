import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { beforeAll, expect, inject, test } from 'vitest';
import { NO_SLAPD } from '../support/describe-live.ts';
import { describeNeeding } from '../support/needs/needing.ts';
import { arbitraryCase } from './arbitrary-case.ts';
import type { JudgeName } from './judge.ts';
import { Twins } from './twins.ts';
import type { TwinCase } from './twin-case.ts';

const KEPT = fileURLToPath(new URL('kept/', import.meta.url));
/** Long runs say how far they are. */
const REPORTS_AFTER = 500;
/** Three commands take ten times as long as the driver's questions. */
const VERDICTS_OF_ONE_IN = 5;
const KEEPS = process.env['TWIN_KEEP'] === '1';

interface KeptCase extends TwinCase {
  readonly name: string;
}

/** Compares this Keystone with the tool; `npm run twin` asks for other cases than the suite. */
export function compareWith(
  judge: JudgeName,
  suite: { readonly seed: number; readonly cases: number },
): void {
  const isAsked = process.env['TWIN_JUDGE'] === judge;
  const first = Number((isAsked && process.env['TWIN_SEED']) || suite.seed);
  const cases = Number((isAsked && process.env['TWIN_CASES']) || suite.cases);

  describeNeeding([`Keystone ${judge}`, 'slapd'], `Keystone ${judge} and this tool`, () => {
    let twins: Twins;
    beforeAll(async () => {
      const found = inject('judges')[judge];
      if (found === undefined) throw new Error(`Keystone ${judge} is no judge.`);
      twins = await Twins.start(inject('slapd') ?? NO_SLAPD, found);
      return () => twins[Symbol.asyncDispose]();
    });

    test('answer every case that was kept the same', async () => {
      for (const file of (await readdir(KEPT)).filter((name) => name.endsWith('.json'))) {
        const { name, ...one } = await readKept(file);
        expect.soft(await twins.compare(one), `${file}: ${name}`).toEqual([]);
      }
    });

    test('work with a sound configuration, so that they do not only fail alike', async () => {
      const { keystone } = await twins.ask(await readKept('sound.json'));
      expect(keystone).toMatchObject({
        start: 'yes',
        users: [{ id: 'alice', enabled: true }],
        members: { team: ['alice'] },
      });
      expect(keystone.logins?.slice(0, 3)).toEqual(['in', 'refused', 'refused']);
    });

    test(`answer ${cases} cases from seed ${first} the same`, { timeout: 24 * 3600_000 }, async () => {
      const differing: number[] = [];
      for (let seed = first; seed < first + cases; seed += 1) {
        if (!(await answersAlike(twins, seed, judge))) differing.push(seed);
        const asked = seed + 1 - first;
        if (asked % REPORTS_AFTER === 0) console.log(`${asked} cases, ${differing.length} of them differ`);
      }
      expect(differing, 'seeds of cases that are answered differently').toEqual([]);
    });
  });
}

async function readKept(file: string): Promise<KeptCase> {
  return JSON.parse(await readFile(join(KEPT, file), 'utf8')) as KeptCase;
}

/** Draws and compares one case; one that differs is shrunk and printed. */
async function answersAlike(twins: Twins, seed: number, judge: JudgeName): Promise<boolean> {
  const withVerdicts = seed % VERDICTS_OF_ONE_IN === 0;
  const found = await fc.check(
    fc.asyncProperty(arbitraryCase, async (one) => (await twins.compare(one, { withVerdicts })).length === 0),
    { seed, numRuns: 1 },
  );
  if (!found.failed) return true;
  const [one] = found.counterexample ?? [];
  const told = one && { name: `Keystone ${judge}, seed ${seed}`, ...one };
  console.log(`seed ${seed}: ${JSON.stringify({ ...told, differences: one && (await twins.compare(one)) })}`);
  if (KEEPS)
    await writeFile(join(KEPT, `keystone-${judge}-seed-${seed}.json`), `${JSON.stringify(told, null, 2)}\n`);
  return false;
}

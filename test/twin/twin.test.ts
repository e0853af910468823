import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeKeystone } from '../support/keystone/describe-keystone.ts';
import { arbitraryCase } from './arbitrary-case.ts';
import { isKnown } from './known.ts';
import { Twins } from './twins.ts';
import type { TwinCase } from './twin-case.ts';

const KEPT = fileURLToPath(new URL('kept/', import.meta.url));
/** `npm run twin` asks for others, and for the shrunk cases to be kept. */
const SEED = Number(process.env['TWIN_SEED'] ?? 22);
const CASES = Number(process.env['TWIN_CASES'] ?? 300);
const KEEPS = process.env['TWIN_KEEP'] === '1';

interface KeptCase extends TwinCase {
  readonly name: string;
}

describeKeystone('Keystone 22 and this tool', ({ slapd }) => {
  test('answer every case that was kept the same', async () => {
    await using twins = await Twins.start(slapd, 'zed');
    for (const file of (await readdir(KEPT)).filter((name) => name.endsWith('.json'))) {
      const { name, ...one } = JSON.parse(await readFile(join(KEPT, file), 'utf8')) as KeptCase;
      expect(await twins.compare(one), `${file}: ${name}`).toEqual([]);
    }
  });

  test('work with a sound configuration, so that they do not only fail alike', async () => {
    await using twins = await Twins.start(slapd, 'zed');
    const sound = JSON.parse(await readFile(join(KEPT, 'sound.json'), 'utf8')) as KeptCase;
    const { keystone } = await twins.ask(sound);
    expect(keystone).toMatchObject({
      start: 'yes',
      users: [{ id: 'alice', enabled: true }],
      members: { team: ['alice'] },
    });
    expect(keystone.logins?.slice(0, 3)).toEqual(['in', 'refused', 'refused']);
  });

  test(`answer ${CASES} cases of seed ${SEED} the same`, { timeout: 24 * 3600_000 }, async () => {
    await using twins = await Twins.start(slapd, 'zed');
    let differing = 0;
    for (let seed = SEED; seed < SEED + CASES; seed += 1) {
      const found = await fc.check(
        fc.asyncProperty(
          arbitraryCase,
          async (one) => isKnown(one) || (await twins.compare(one)).length === 0,
        ),
        { seed, numRuns: 1 },
      );
      if (!found.failed) continue;
      differing += 1;
      const [one] = found.counterexample ?? [];
      const told = one && { name: `seed ${seed}`, ...one };
      console.log(
        `seed ${seed}: ${JSON.stringify({ ...told, differences: one && (await twins.compare(one)) })}`,
      );
      if (KEEPS) await writeFile(join(KEPT, `seed-${seed}.json`), `${JSON.stringify(told, null, 2)}\n`);
    }
    expect(differing, 'cases that are answered differently').toBe(0);
  });
});

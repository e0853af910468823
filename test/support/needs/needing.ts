import { describe, inject, test } from 'vitest';
import type { Lacks, Need } from './needs.ts';

/** A `describe` whose tests are skipped, and summed up when all is done, where the machine lacks one of the needs. */
export function describeNeeding(needs: readonly Need[], name: string, suite: () => void): void {
  describeLacking(lacksOf(needs), name, suite);
}

/** A `describe` that a file found out by itself to be impossible here, if `lacks` says so. */
export function describeLacking(lacks: Lacks | undefined, name: string, suite: () => void): void {
  if (lacks === undefined) describe(name, suite);
  else describe.skip(name, { meta: { lacks } }, suite);
}

/** As {@link describeNeeding}, for one test. */
export function testNeeding(needs: readonly Need[], name: string, body: () => Promise<void>): void {
  const lacks = lacksOf(needs);
  if (lacks === undefined) test(name, body);
  else test.skip(name, { meta: { lacks } }, body);
}

function lacksOf(needs: readonly Need[]): Lacks | undefined {
  const isRoot = process.geteuid?.() === 0;
  const known: Lacks = { ...inject('lacks'), ...(!isRoot && { root: 'This user is not root.' }) };
  const lacking = needs.filter((need) => known[need] !== undefined);
  if (lacking.length === 0) return undefined;
  return Object.fromEntries(lacking.map((need) => [need, known[need]]));
}

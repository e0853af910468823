import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { isSince, type ReleaseName } from '../../../src/releases/catalogue.ts';

/** A table of test/facts. All scalars are text: `2012.1` is a release, and `False` what Keystone's code says. */
export function readFacts(file: string): unknown {
  const path = join(import.meta.dirname, '../../facts', file);
  return parse(readFileSync(path, 'utf8'), { schema: 'failsafe' });
}

/** What holds in a release, of values by the release that began with each, oldest first. */
export function valueIn<T>(
  since: Readonly<Partial<Record<ReleaseName, T>>>,
  release: ReleaseName,
): T | undefined {
  const all = Object.entries(since) as [ReleaseName, T][];
  return all.findLast(([first]) => isSince(release, first))?.[1];
}

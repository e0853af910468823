import { dnKey, parseDn } from '../directory/dn.ts';

/** Few enough that progress is seen to move on a server that flushes its disk at each write. */
const WAVE = 256;

/**
 * Cuts steps into runs that the server may do in any order, as it does with what arrives together: none is about an
 * entry of an earlier step of its run, or about one below, since a child before its parent fails.
 */
export function* wavesOf<T extends { readonly dn: string }>(
  steps: readonly T[],
): Generator<readonly [T, ...T[]]> {
  let wave: [T, ...T[]] | undefined;
  const taken = new Set<string>();
  for (const step of steps) {
    const rdns = parseDn(step.dn).map((rdn) => dnKey([rdn]));
    const path = rdns.map((_, depth) => rdns.slice(depth).join());
    if (wave !== undefined && (wave.length === WAVE || path.some((key) => taken.has(key)))) {
      yield wave;
      wave = undefined;
      taken.clear();
    }
    if (wave === undefined) wave = [step];
    else wave.push(step);
    taken.add(path[0] ?? '');
  }
  if (wave !== undefined) yield wave;
}

/** The same for entries that go: the deepest first, since a parent that has a child cannot. */
export function* deletionWaves<T extends { readonly dn: string }>(
  steps: readonly T[],
): Generator<readonly [T, ...T[]]> {
  const byDepth = new Map<number, T[]>();
  for (const step of steps) {
    const depth = parseDn(step.dn).length;
    const level = byDepth.get(depth);
    if (level === undefined) byDepth.set(depth, [step]);
    else level.push(step);
  }
  for (const [, level] of [...byDepth].toSorted(([a], [b]) => b - a)) yield* wavesOf(level);
}

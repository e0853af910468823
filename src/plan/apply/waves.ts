import { dnKey, parseDn } from '../../directory/dn.ts';

/** Few enough that progress is seen to move on a server that flushes its disk at each write. */
const WAVE = 256;

/**
 * Cuts steps into runs that the server may do in any order, as it does with what arrives together: none is about an
 * entry of an earlier step of its run, or about one below, since a child before its parent fails; and none has a value
 * that names such an entry, by its DN or its id: a member whose entry is refused must not be left over in a group.
 * @param valuesOf a step's values, spelled as the DNs of the steps are
 */
export function* wavesOf<T extends { readonly dn: string }>(
  steps: readonly T[],
  valuesOf: (step: T) => Iterable<string> = () => [],
): Generator<readonly [T, ...T[]]> {
  let wave: [T, ...T[]] | undefined;
  const taken = new Set<string>();
  const names = new Set<string>();
  for (const step of steps) {
    const dn = parseDn(step.dn);
    const rdns = dn.map((rdn) => dnKey([rdn]));
    const path = rdns.map((_, depth) => rdns.slice(depth).join());
    const isLater = (): boolean => path.some((key) => taken.has(key)) || isAnyIn(names, valuesOf(step));
    if (wave !== undefined && (wave.length === WAVE || isLater())) {
      yield wave;
      wave = undefined;
      taken.clear();
      names.clear();
    }
    if (wave === undefined) wave = [step];
    else wave.push(step);
    taken.add(path[0] ?? '');
    names.add(step.dn);
    for (const { value } of dn[0] ?? []) names.add(value);
  }
  if (wave !== undefined) yield wave;
}

function isAnyIn(names: ReadonlySet<string>, values: Iterable<string>): boolean {
  for (const value of values) if (names.has(value)) return true;
  return false;
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

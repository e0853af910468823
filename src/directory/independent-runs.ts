import { dnKey, parseDn } from './dn.ts';

/**
 * Cuts writes into runs within which none names the entry of another one, or one above or below it. slapd takes the
 * requests of one connection with several threads, so that only requests of one run may be sent before the others are
 * answered, in a transaction too: a child that overtook its parent would fail.
 */
export function independentRuns<T extends { readonly subject: string }>(steps: readonly T[]): T[][] {
  const runs: T[][] = [];
  let subjects = new Set<string>();
  let above = new Set<string>();
  for (const step of steps) {
    const dn = parseDn(step.subject);
    const self = dnKey(dn);
    const ancestors = dn.slice(1).map((_, index) => dnKey(dn.slice(index + 1)));
    const isFirst = runs.length === 0;
    if (isFirst || above.has(self) || [self, ...ancestors].some((key) => subjects.has(key))) {
      runs.push([]);
      subjects = new Set();
      above = new Set();
    }
    runs.at(-1)?.push(step);
    subjects.add(self);
    for (const key of ancestors) above.add(key);
  }
  return runs;
}

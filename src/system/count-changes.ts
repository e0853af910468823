import type { Change } from '../plan/change.ts';

/** How many things a plan adds, changes and removes. */
export interface ChangeCounts {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

export function countChanges(changes: readonly Change[]): ChangeCounts {
  const added = changes.filter(({ kind }) => kind === 'add-entry' || kind === 'add-schema').length;
  const removed = changes.filter(({ kind }) => kind === 'delete-entry').length;
  return { added, removed, changed: changes.length - added - removed };
}

export function sumOf(counts: readonly ChangeCounts[]): ChangeCounts {
  const total = (of: keyof ChangeCounts): number => counts.reduce((sum, one) => sum + one[of], 0);
  return { added: total('added'), changed: total('changed'), removed: total('removed') };
}

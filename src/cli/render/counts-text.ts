import type { ChangeCounts } from '../../system/count-changes.ts';

/** `2 to add, 1 to change, 0 to remove`, before or after it is done. */
export function countsText({ added, changed, removed }: ChangeCounts, isDone: boolean): string {
  return isDone
    ? `${added} added, ${changed} changed, ${removed} removed`
    : `${added} to add, ${changed} to change, ${removed} to remove`;
}

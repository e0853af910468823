import { structuredPatch, type StructuredPatchHunk } from 'diff';
import { joinLines } from './conf-line.ts';
import type { ConfDocument } from './document.ts';
import { maskedLines } from './masked-lines.ts';

/**
 * What changes from one document to the other, as a unified diff with three lines of context and passwords as `***`:
 * one that changes stands on both a `-` and a `+` line. Empty where no byte changes.
 */
export function unifiedDiff(before: ConfDocument, after: ConfDocument): string {
  const names = [before.file ?? 'keystone.conf', after.file ?? 'keystone.conf'] as const;
  const patch = structuredPatch(...names, joinLines(before.lines), joinLines(after.lines), '', '', {
    context: 3,
  });
  if (patch.hunks.length === 0) return '';
  const old = maskedLines(before);
  const fresh = maskedLines(after);
  const hunks = patch.hunks.flatMap((hunk) => [headerOf(hunk), ...maskedBody(hunk, old, fresh)]);
  return [`--- ${names[0]}`, `+++ ${names[1]}`, ...hunks, ''].join('\n');
}

function headerOf({ oldStart, oldLines, newStart, newLines }: StructuredPatchHunk): string {
  // Of no lines, the format names the line above.
  const range = (start: number, count: number) => `${count === 0 ? start - 1 : start},${count}`;
  return `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`;
}

function maskedBody(hunk: StructuredPatchHunk, old: readonly string[], fresh: readonly string[]): string[] {
  let oldAt = hunk.oldStart - 1;
  let newAt = hunk.newStart - 1;
  return hunk.lines.map((line) => {
    const sign = line.charAt(0);
    if (sign === '\\') return line; // "\ No newline at end of file"
    if (sign === '-') return `-${old[oldAt++] ?? ''}`;
    if (sign === ' ') oldAt++;
    return `${sign}${fresh[newAt++] ?? ''}`;
  });
}

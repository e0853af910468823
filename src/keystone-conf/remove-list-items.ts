import type { ListItem } from './python-list.ts';

/** From the first offset up to, not including, the second. */
type Range = readonly [number, number];

/**
 * Takes items out of the text of a list without touching its style: order, quotes, indentation, lines and a
 * comma at the end stay; a line that held nothing else goes.
 */
export function removeListItems(
  text: string,
  items: readonly ListItem[],
  isGone: (item: ListItem) => boolean,
): string {
  const lastKept = items.findLastIndex((item) => !isGone(item));
  const ending = items.at(-1)?.comma === undefined ? items.slice(lastKept + 1) : [];
  const others = items.slice(0, items.length - ending.length).filter(isGone);
  const ranges = [
    ...linesOf(text, others).map((run) => rangeOf(text, run)),
    ...endingRanges(text, items[lastKept], ending),
  ];
  return pullUpFirst(text, cut(text, ranges));
}

/** Items that start on the same line and follow each other directly. */
function linesOf(text: string, items: readonly ListItem[]): readonly (readonly ListItem[])[] {
  const runs: ListItem[][] = [];
  for (const item of items) {
    const last = runs.at(-1)?.at(-1);
    const between = last === undefined ? '\n' : text.slice(afterComma(last), item.start);
    if (/^[ \t]*$/.test(between)) runs.at(-1)?.push(item);
    else runs.push([item]);
  }
  return runs;
}

/** What goes with items that have a comma after them: the comma, and the blanks that would be left over. */
function rangeOf(text: string, run: readonly ListItem[]): Range {
  const start = run[0]?.start ?? 0;
  const end = afterComma(run.at(-1));
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const lineBreak = text.indexOf('\n', end);
  const before = text.slice(lineStart, start);
  const after = text.slice(end, lineBreak < 0 ? text.length : lineBreak);
  const blanksAfter = after.length - after.trimStart().length;
  if (before.trim() === '' && after.trim() === '' && lineBreak >= 0) return [lineStart, lineBreak + 1];
  const endsLine = after.trim() === '' || (after.startsWith(']') && before.trim() !== '');
  return endsLine ? [lineStart + before.trimEnd().length, end + blanksAfter] : [start, end + blanksAfter];
}

/**
 * The last items of a list without a comma at its end take with them the comma before them, and so the closing
 * bracket moves up to the last item that stays. Comments in between stay where they are.
 */
function endingRanges(
  text: string,
  kept: ListItem | undefined,
  ending: readonly ListItem[],
): readonly Range[] {
  const last = ending.at(-1);
  if (last === undefined) return [];
  const from = kept?.end ?? text.indexOf('[') + 1;
  if (!/[#;]/.test(text.slice(from, last.end))) return [[from, last.end]];
  const comma: readonly Range[] = kept?.comma === undefined ? [] : [[kept.comma, kept.comma + 1]];
  return [...comma, ...ending.map((item): Range => [item.start, afterComma(item)])];
}

function cut(text: string, ranges: readonly Range[]): string {
  const sorted = ranges.toSorted(([a], [b]) => a - b);
  const starts = [0, ...sorted.map(([, end]) => end)];
  const ends = [...sorted.map(([start]) => start), text.length];
  return starts.map((start, at) => text.slice(start, ends[at])).join('');
}

/** A bracket that had an item beside it does not stay alone on its line. */
function pullUpFirst(before: string, after: string): string {
  if (/^[^[]*\[[ \t]*\n/.test(before)) return after;
  return after.replace(/^([^[]*\[)[ \t]*\n[ \t]+(?=[^\s#;\]])/, '$1');
}

function afterComma(item: ListItem | undefined): number {
  return item?.comma === undefined ? (item?.end ?? 0) : item.comma + 1;
}

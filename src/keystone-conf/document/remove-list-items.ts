import type { ListItem } from '../legacy/python-list.ts';

/** From the first offset up to, not including, the second. */
type Range = readonly [number, number];

/** Stands where something was cut out until the line is tidied; no value holds a NUL. */
const CUT = '\0';

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
  const marked = cut(text, [...others.map(withComma), ...endingRanges(text, items[lastKept], ending)]);
  return pullUpFirst(text, marked.split('\n').flatMap(tidied).join('\n'));
}

function withComma({ start, end, comma }: ListItem): Range {
  return [start, comma === undefined ? end : comma + 1];
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
  return [...comma, ...ending.map(withComma)];
}

function cut(text: string, ranges: readonly Range[]): string {
  const starts = [0, ...ranges.map(([, end]) => end)];
  const ends = [...ranges.map(([start]) => start), text.length];
  return starts.map((start, at) => text.slice(start, ends[at])).join(CUT);
}

/** The line without the blanks that a cut left over; without anything but blanks, no line. */
function tidied(line: string): readonly string[] {
  if (!line.includes(CUT)) return [line];
  const tidy = line
    .replace(/^([ \t]*)\0[ \t\0]*/, '$1')
    .replace(/[ \t\0]*\0[ \t\0]*$/, '')
    .replace(/,[ \t\0]*\0[ \t\0]*(?=\])/, ',')
    .replace(/\0+(?=[ \t]*#)/g, '')
    .replace(/\0[ \t\0]*/g, '');
  return tidy.trim() === '' ? [] : [tidy];
}

/** A bracket that had an item beside it does not stay alone on its line. */
function pullUpFirst(before: string, after: string): string {
  if (/^[^[]*\[[ \t]*\n/.test(before)) return after;
  return after.replace(/^([^[]*\[)[ \t]*\n[ \t]+(?=[^\s#;\]])/, '$1');
}

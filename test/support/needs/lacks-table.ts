import { NEEDS, type Lacks, type Need } from './needs.ts';

interface Row {
  readonly tests: number;
  readonly why: string;
}

const WIDTH = 79;

/**
 * The table that closes a test run, of what each skipped test lacks; empty where none lacks anything. A test that lacks
 * two things is in both rows.
 */
export function lacksTable(skipped: readonly Lacks[]): string {
  const rows = rowsOf(skipped);
  if (rows.size === 0) return '';
  const packages = new Set([...rows.keys()].flatMap((need) => NEEDS[need]));
  const install = ['apt-get install --no-install-recommends', ...packages];
  return [
    `Skipped ${count(skipped.length)}, because this machine lacks what they need:`,
    '',
    ...[...rows].flatMap(([need, { tests, why }]) => [
      `${String(tests).padStart(6)}  ${need}`,
      ...wrapped(why.split(/\s+/), '        '),
    ]),
    '',
    ...(packages.size === 0 ? [] : ['To run them too, on Debian or Ubuntu:', '']),
    ...(packages.size === 0 ? [] : wrapped(install, '    ', ' \\')),
    '',
  ].join('\n');
}

function rowsOf(skipped: readonly Lacks[]): ReadonlyMap<Need, Row> {
  const rows = new Map<Need, Row>();
  for (const lacks of skipped)
    for (const [need, why] of Object.entries(lacks) as [Need, string][])
      rows.set(need, { tests: (rows.get(need)?.tests ?? 0) + 1, why });
  return new Map([...rows].toSorted(([, a], [, b]) => b.tests - a.tests));
}

function count(tests: number): string {
  return tests === 1 ? '1 test' : `${tests} tests`;
}

/** Words in lines of the width; `end` goes behind each line but the last. */
function wrapped(words: readonly string[], indent: string, end = ''): readonly string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of words) {
    const longer = line === indent ? `${line}${word}` : `${line} ${word}`;
    if (longer.length + end.length > WIDTH && line !== indent) {
      lines.push(`${line}${end}`);
      line = `${indent}${word}`;
    } else line = longer;
  }
  return [...lines, line];
}

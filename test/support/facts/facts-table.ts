import { existsSync, readFileSync } from 'node:fs';
import { describe } from 'vitest';
import { packageFile } from '../../../src/files.ts';

/** What was read in Keystone's own code: it lies beside the repository, or beside the folder of its worktrees. */
const PLACES = ['..', '../..'].map((up) => packageFile(`${up}/shared/facts/keystone-releases.md`));
const FILE = PLACES.find((place) => existsSync(place));
const MISSING = `there is neither ${PLACES.join(' nor ')}`;
const TEXT = FILE === undefined ? '' : readFileSync(FILE, 'utf8');

/** A `describe` for tests that compare with the facts; without them they are skipped, unless REQUIRE_FACTS=1. */
export function describeFacts(name: string, suite: () => void): void {
  if (FILE !== undefined) describe(name, suite);
  else if (process.env['REQUIRE_FACTS'] === '1') throw new Error(`The facts are required: ${MISSING}`);
  else describe.skip(`${name}: ${MISSING}`, suite);
}

/** The rows of the first table below a heading such as `B2`, as cells by column. */
export function factsTable(section: string): readonly Readonly<Record<string, string>>[] {
  const [, below = ''] = TEXT.split(new RegExp(`^#+ ${section}\\. .*$`, 'm'));
  const table = /(?:^\|.*\n)+/m.exec(below)?.[0] ?? '';
  const [columns = [], , ...rows] = table.trimEnd().split('\n').map(cellsOf);
  return rows.map((cells) =>
    Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? ''])),
  );
}

function cellsOf(row: string): string[] {
  return row
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim());
}

/** The values in code quotes, in their order. */
export function quoted(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]*)`/g)].map(([, value = '']) => value);
}

import { existsSync, readFileSync } from 'node:fs';
import { packageFile } from '../../../src/files.ts';

const FILE = 'shared/facts/keystone-releases.md';

/** What was read in Keystone's own code; it stands beside the repository, or beside the folder of its worktrees. */
function factsFile(): string {
  const places = ['..', '../..'].map((up) => packageFile(`${up}/${FILE}`));
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw new Error(`The facts to compare with are missing: ${places.join(', ')}.`);
  return found;
}

/** The rows of the first table below a heading such as `B2`, as cells by column. */
export function factsTable(section: string): readonly Readonly<Record<string, string>>[] {
  const text = readFileSync(factsFile(), 'utf8');
  const [, below = ''] = text.split(new RegExp(`^#+ ${section}\\. .*$`, 'm'));
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

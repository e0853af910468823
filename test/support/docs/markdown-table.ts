/** The cells of a row by column. */
export type Row = Readonly<Record<string, string>>;

export function markdownTable(rows: readonly Row[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const line = (cells: readonly string[]): string => `| ${cells.map(escape).join(' | ')} |`;
  return [
    line(columns),
    line(columns.map(() => '---')),
    ...rows.map((row) => line(columns.map((column) => row[column] ?? ''))),
  ].join('\n');
}

/** One row for each run of releases that say the same, named by its ends. */
export function byRange(rows: readonly (readonly [release: string, row: Row])[]): readonly Row[] {
  const runs: { first: string; last: string; row: Row }[] = [];
  for (const [release, row] of rows) {
    const run = runs.at(-1);
    if (run !== undefined && JSON.stringify(run.row) === JSON.stringify(row)) run.last = release;
    else runs.push({ first: release, last: release, row });
  }
  return runs.map(({ first, last, row }) => ({
    releases: first === last ? code(first) : `${code(first)} to ${code(last)}`,
    ...row,
  }));
}

export function code(text: string): string {
  return `\`${text}\``;
}

function escape(cell: string): string {
  return cell.replaceAll('|', '\\|');
}

import { allCommands, type CommandFacts } from './command-facts.ts';
import type { Values } from './value-source.ts';

/** Where a value may stand, and what it may be: `['init|-r', 'init|--release', …]` all take a release. */
export interface ValueRow {
  readonly places: readonly string[];
  readonly values: Values;
}

/**
 * All flags with a value as `command|flag` and all operands as `command|1` (`command|*` for those that follow too), those
 * with the same values in one row.
 */
export function valueTable(program: CommandFacts): readonly ValueRow[] {
  const rows = new Map<string, { readonly places: string[]; readonly values: Values }>();
  const add = (values: Values, places: readonly string[]): void => {
    const key = JSON.stringify(values);
    const row = rows.get(key) ?? { places: [], values };
    row.places.push(...places);
    rows.set(key, row);
  };
  for (const { path, flags, operands } of allCommands(program)) {
    const command = path.join(' ');
    for (const { names, placeholder, values } of flags)
      if (placeholder !== undefined)
        add(
          values,
          names.map((name) => `${command}|${name}`),
        );
    for (const [index, { values, isVariadic }] of operands.entries())
      add(values, [`${command}|${isVariadic ? '*' : index + 1}`]);
  }
  return [...rows.values()];
}

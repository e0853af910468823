import type { Problem } from '../../errors.ts';

/** A place in a file; line and column count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Where an item was declared and, by property (`tenant`, `members[0]`), where each of its values stands. */
export interface Source extends Position {
  readonly values?: Readonly<Record<string, Position>>;
}

/** What was read from a file knows where; what a program made does not. */
export interface Sourced {
  readonly source?: Source;
}

/** The place of one value of an item, or of the item where the value's own is not known. */
export function positionOf(item: Sourced, property?: string): Position | undefined {
  if (property === undefined) return item.source;
  return item.source?.values?.[property] ?? item.source;
}

/** `file:line:column`, as compilers write it. */
export function formatPosition({ file, line, column }: Position): string {
  return `${file}:${line}:${column}`;
}

/** A problem at a place, which may be unknown. */
export function problemAt(position: Position | undefined, message: string): Problem {
  if (position === undefined) return { message };
  return { message, file: position.file, line: position.line, column: position.column };
}

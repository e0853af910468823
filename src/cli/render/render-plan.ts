import { Chalk, type ChalkInstance } from 'chalk';
import type { NewAttributes } from '../../directory/entry.ts';
import { isText, octetsOf } from '../../directory/octets.ts';
import type { Change, ValueEdit } from '../../plan/change.ts';

/** A plan as a diff that a person can read; `+` is new, `~` is changed, `-` goes. Secrets show as `***`. */
export function renderPlan(changes: readonly Change[], colour: boolean): string {
  const paint = new Chalk({ level: colour ? 1 : 0 });
  return changes.map((change) => `${renderChange(change, paint).join('\n')}\n`).join('');
}

function renderChange(change: Change, paint: ChalkInstance): string[] {
  const head = (sign: string): string => `${sign} ${change.dn}  ${paint.dim(`(${change.label})`)}`;
  switch (change.kind) {
    case 'add-schema':
    case 'add-entry':
      return [
        paint.green(head('+')),
        ...attributeLines(change.attributes).map((line) => paint.green(`    ${line}`)),
      ];
    case 'modify-schema':
    case 'modify-config':
    case 'modify-entry':
      return [paint.yellow(head('~')), ...change.edits.flatMap((edit) => editLines(edit, paint))];
    case 'set-password':
      return [paint.yellow(head('~')), paint.yellow('    ~ userPassword: ***')];
    case 'delete-entry':
      return [
        paint.red(head('-')),
        ...attributeLines(change.attributes).map((line) => paint.red(`    ${line}`)),
      ];
    default:
      return change satisfies never;
  }
}

function attributeLines(attributes: NewAttributes): string[] {
  return Object.entries(attributes).flatMap(([name, values]) =>
    shortened(values).map((value) => `${name}: ${shown(String(value))}`),
  );
}

function editLines({ attribute, remove, add }: ValueEdit, paint: ChalkInstance): string[] {
  return [
    ...shortened(remove).map((value) => paint.red(`    - ${attribute}: ${shown(value)}`)),
    ...shortened(add).map((value) => paint.green(`    + ${attribute}: ${shown(value)}`)),
  ];
}

/** A photo is not for a terminal, and control characters would not only be seen. */
function shown(value: string): string {
  return isText(value) && !/\p{Cc}/u.test(value) ? value : `(${octetsOf(value).length} bytes)`;
}

/** Nobody reads the members of a large group, and they push off the screen what stands above. */
function shortened<T>(values: readonly T[]): readonly (T | string)[] {
  if (values.length <= MOST_VALUES) return values;
  return [...values.slice(0, FIRST_VALUES), `… and ${values.length - FIRST_VALUES} more`];
}

const MOST_VALUES = 100;
const FIRST_VALUES = 5;

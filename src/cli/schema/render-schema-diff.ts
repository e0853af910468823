import { Chalk } from 'chalk';
import type { SchemaDifference } from '../../schema/compare-schema.ts';
import { ELEMENT_WORDS, labelOf } from '../../schema/definition.ts';
import { formatDefinition } from '../../schema/format-definition.ts';

/** Each definition that the server lacks or has otherwise, with both forms: `-` the server's, `+` the wanted one. */
export function renderSchemaDiff(differences: readonly SchemaDifference[], colour: boolean): string {
  const paint = new Chalk({ level: colour ? 1 : 0 });
  const blocks = differences.map((difference) => {
    const { wanted } = difference;
    const head = `${ELEMENT_WORDS[wanted.element]} ${labelOf(wanted)} (${wanted.oid}): ${verdict(difference)}`;
    return [
      paint.bold(head),
      ...(difference.kind === 'missing' ? [] : [paint.red(`  - ${formatDefinition(difference.present)}`)]),
      paint.green(`  + ${formatDefinition(wanted)}`),
    ];
  });
  return `${blocks.flat().join('\n')}\n`;
}

/** A difference as `--json` prints it. */
export function differenceJson(difference: SchemaDifference): Readonly<Record<string, unknown>> {
  const { kind, wanted } = difference;
  return {
    kind,
    element: wanted.element,
    oid: wanted.oid,
    name: labelOf(wanted),
    ...(kind === 'different' ? { fields: difference.fields } : {}),
    wanted: formatDefinition(wanted),
    ...(kind === 'missing' ? {} : { present: formatDefinition(difference.present) }),
  };
}

function verdict(difference: SchemaDifference): string {
  switch (difference.kind) {
    case 'missing':
      return 'missing';
    case 'different':
      return `differs in ${difference.fields.join(', ')}`;
    case 'name-taken':
      return `its name is taken by ${difference.present.oid}`;
    default:
      return difference satisfies never;
  }
}

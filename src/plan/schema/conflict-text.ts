import type { SchemaDifference } from '../../schema/compare-schema.ts';
import { ELEMENT_WORDS, labelOf, type SchemaElement } from '../../schema/definition.ts';
import type { Usage } from './schema-usage.ts';

/** Why a definition of the server is in the way, and which entries use it, with the filter that finds them. */
export function conflictText(
  present: SchemaElement,
  differences: readonly SchemaDifference[],
  usage: Usage,
): string {
  const kind = ELEMENT_WORDS[present.element];
  const own = differences.find(
    ({ wanted }) => wanted.element === present.element && wanted.oid === present.oid,
  );
  const place = own === undefined ? 'its name is wanted for another OID' : differenceText(present, own);
  const used = usage.count === 0 ? 'no entry uses it' : usedText(usage);
  const filter =
    present.element === 'objectClass' ? `(objectClass=${labelOf(present)})` : `(${labelOf(present)}=*)`;
  return `${kind} ${labelOf(present)} (${present.oid}): ${place}; ${used}${usage.count === 0 ? '' : ` ${filter}`}`;
}

function differenceText(present: SchemaElement, { wanted, ...rest }: SchemaDifference): string {
  if (labelOf(wanted).toLowerCase() !== labelOf(present).toLowerCase())
    return `this OID is wanted for ${labelOf(wanted)}`;
  return `it differs in ${'fields' in rest ? rest.fields.join(', ') : 'its OID'}`;
}

function usedText({ count, atLeast, examples }: Usage): string {
  const number = `${atLeast ? 'at least ' : ''}${count} ${count === 1 ? 'entry uses' : 'entries use'} it`;
  return examples.length === 0 ? number : `${number}, such as ${examples.join(' and ')}`;
}

import type { Session } from '../../directory/session.ts';
import { KeystoneLdapError, type Problem } from '../../errors.ts';
import type { SchemaDifference } from '../../schema/compare-schema.ts';
import { labelOf, type Schema, type SchemaElement } from '../../schema/definition.ts';
import { isStandard } from '../../schema/standard-oids.ts';
import { conflictText } from './conflict-text.ts';
import type { SchemaTarget } from './schema-target.ts';
import { schemaUsage } from './schema-usage.ts';

/**
 * Definitions in the way may be replaced where that is wanted and no entry would be broken; those that come with the server
 * never.
 * @throws `SCHEMA_CONFLICT` naming each of the others, how it differs and who uses it
 */
export async function refuseConflicts(
  directory: Session,
  inTheWay: readonly SchemaElement[],
  { schema, replace }: Pick<SchemaTarget, 'schema' | 'replace'>,
  differences: readonly SchemaDifference[],
): Promise<void> {
  const problems: Problem[] = [];
  let isUsed = false;
  const standard = inTheWay.filter(isStandard);
  for (const definition of inTheWay) {
    const usage = await schemaUsage(directory, definition);
    const breaks = usage.count > 0 && !isWidened(definition, schema);
    isUsed ||= breaks;
    if (breaks || !replace || isStandard(definition))
      problems.push({ message: conflictText(definition, differences, usage) });
  }
  if (problems.length === 0) return;
  throw new KeystoneLdapError(
    'SCHEMA_CONFLICT',
    `The server has other definitions than schema ${schema.name} needs; nothing was changed.`,
    {
      problems,
      hint:
        standard.length > 0
          ? `${standard.map(labelOf).join(', ')} came with the server, and its entries rely on it; --replace-schema leaves it alone. Choose another name, and an OID of your own, in the file.`
          : isUsed
            ? 'Move or delete these entries first (ldapsearch with the filter above finds them), or keep the release that they were made for.'
            : 'No entry is in the way: --replace-schema replaces the definitions in one step.',
    },
  );
}

/**
 * Whether every entry that fits the present class fits the wanted one too: nothing more is demanded and nothing that
 * was allowed is gone. Attribute types are never taken to be widened: values are stored in normalised form.
 */
function isWidened(present: SchemaElement, schema: Schema): boolean {
  const wanted = schema.objectClasses.find(({ oid }) => oid === present.oid);
  if (present.element !== 'objectClass' || wanted === undefined || wanted.kind !== present.kind) return false;
  const fold = (names: readonly string[]): string[] => names.map((name) => name.toLowerCase());
  const allowed = new Set(fold([...wanted.must, ...wanted.may]));
  const demanded = new Set(fold(present.must));
  return (
    fold(wanted.must).every((name) => demanded.has(name)) &&
    fold([...present.must, ...present.may]).every((name) => allowed.has(name)) &&
    fold(present.names).every((name) => fold(wanted.names).includes(name)) &&
    fold(wanted.sup).toString() === fold(present.sup).toString()
  );
}

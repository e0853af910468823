import { equal, present } from '../../directory/filter.ts';
import type { Session } from '../../directory/session.ts';
import { KeystoneLdapError } from '../../errors.ts';
import { labelOf, type SchemaElement } from '../../schema/definition.ts';
import { namingContexts } from '../plan-trees.ts';

/** How many entries use a definition, with a few of their DNs; `atLeast` where the server cut the search. */
export interface Usage {
  readonly count: number;
  readonly atLeast: boolean;
  readonly examples: readonly string[];
}

const EXAMPLES = 3;

/** Looks in every naming context: slapd itself never checks whether a definition is in use. */
export async function schemaUsage(session: Session, definition: SchemaElement): Promise<Usage> {
  const name = labelOf(definition);
  const filter = definition.element === 'objectClass' ? equal('objectClass', name) : present(name);
  const examples: string[] = [];
  let count = 0;
  for (const base of await namingContexts(session)) {
    try {
      for await (const { dn } of session.search({ base, scope: 'sub', filter, attributes: ['1.1'] })) {
        count += 1;
        if (examples.length < EXAMPLES) examples.push(dn);
      }
    } catch (error) {
      if (!(error instanceof KeystoneLdapError) || error.code !== 'SIZE_LIMIT') throw error;
      return { count: Math.max(count, 1), atLeast: true, examples };
    }
  }
  return { count, atLeast: false, examples };
}

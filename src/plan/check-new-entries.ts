import { foldCase } from '../directory/dn.ts';
import type { Session } from '../directory/session.ts';
import { KeystoneLdapError, type Problem } from '../errors.ts';
import type { ObjectClass } from '../schema/definition.ts';
import type { AddEntry, Change } from './change.ts';
import { observeSchema } from './observe-schema.ts';

/**
 * New entries must have what their classes demand: with classes of the user's choice that need not be so, and the
 * server would refuse them one by one. A class that the server does not know is its own to refuse.
 * @throws `INPUT_INVALID` naming every entry and attribute
 */
export async function checkNewEntries(session: Session, changes: readonly Change[]): Promise<void> {
  const added = changes.filter((change) => change.kind === 'add-entry');
  if (added.length === 0) return;
  const schema = await observeSchema(session);
  const classes = new Map<string, ObjectClass>();
  const synonyms = new Map<string, readonly string[]>();
  for (const definition of schema)
    for (const name of [definition.oid, ...definition.names]) {
      if (definition.element === 'objectClass') classes.set(foldCase(name), definition);
      else synonyms.set(foldCase(name), [definition.oid, ...definition.names].map(foldCase));
    }
  const problems = added.flatMap((entry) => unmet(entry, classes, synonyms));
  if (problems.length === 0) return;
  throw new KeystoneLdapError(
    'INPUT_INVALID',
    'The object classes demand what identities do not tell; nothing was written.',
    {
      problems,
      hint: 'Create these entries yourself and run the command again: it only adds to what is there. Or map another class.',
    },
  );
}

function unmet(
  { label, attributes }: AddEntry,
  classes: ReadonlyMap<string, ObjectClass>,
  synonyms: ReadonlyMap<string, readonly string[]>,
): readonly Problem[] {
  const present = new Set(Object.keys(attributes).map(foldCase));
  const isPresent = (name: string): boolean =>
    (synonyms.get(foldCase(name)) ?? [foldCase(name)]).some((one) => present.has(one));
  const named = (attributes['objectClass'] ?? []).map((value) => String(value));
  return named.flatMap((name) => {
    const missing = demands(name, classes).filter((attribute) => !isPresent(attribute));
    return missing.length === 0 ? [] : [{ message: `${label}: ${name} demands ${missing.join(', ')}` }];
  });
}

/** What a class demands, and those above it. */
function demands(name: string, classes: ReadonlyMap<string, ObjectClass>): readonly string[] {
  const definition = classes.get(foldCase(name));
  if (definition === undefined) return [];
  return [...definition.must, ...definition.sup.flatMap((above) => demands(above, classes))];
}

import { foldCase } from '../../directory/dn.ts';
import type { Session } from '../../directory/session.ts';
import { KeystoneLdapError, type Problem } from '../../errors.ts';
import type { AttributeType, ObjectClass, SchemaElement } from '../../schema/definition.ts';
import type { AddEntry, Change } from '../change.ts';
import { observeSchema } from '../schema/observe-schema.ts';

/**
 * New entries must have what their classes demand, and no more than these allow: with classes and attributes of the user's
 * choice that need not be so, and the server would refuse them one by one, after others were written. What the server does
 * not know, and whether it knows better (a content rule), is its own to refuse.
 * @throws `INPUT_INVALID` naming every entry and attribute
 */
export async function checkNewEntries(session: Session, changes: readonly Change[]): Promise<void> {
  const added = changes.filter((change) => change.kind === 'add-entry');
  if (added.length === 0) return;
  const schema = new Definitions(await observeSchema(session));
  const lacking = added.flatMap((entry) => unmet(entry, schema));
  if (lacking.length > 0) throw refused('demand what identities do not tell', lacking, OWN_ENTRIES);
  const excess = added.flatMap((entry) => notAllowed(entry, schema));
  if (excess.length > 0) throw refused('do not allow all that is to be written', excess, OTHER_CLASS);
}

function refused(what: string, problems: readonly Problem[], hint: string): KeystoneLdapError {
  return new KeystoneLdapError('INPUT_INVALID', `The object classes ${what}; nothing was written.`, {
    problems,
    hint,
  });
}

const OWN_ENTRIES =
  'Create these entries yourself and run the command again: it only adds to what is there. Or map another class.';
const OTHER_CLASS =
  'Map the attribute or the class that is named to one that goes with the other, or create these entries yourself with a class that allows it and run the command again.';

/** The definitions of a server by each of their names. */
class Definitions {
  readonly #classes = new Map<string, ObjectClass>();
  readonly #types = new Map<string, AttributeType>();

  constructor(schema: readonly SchemaElement[]) {
    for (const definition of schema)
      for (const name of [definition.oid, ...definition.names])
        if (definition.element === 'objectClass') this.#classes.set(foldCase(name), definition);
        else if (definition.element === 'attributeType') this.#types.set(foldCase(name), definition);
  }

  /** All names of an attribute, without case. */
  namesOf(attribute: string): readonly string[] {
    const type = this.#types.get(foldCase(attribute));
    return type === undefined ? [foldCase(attribute)] : [type.oid, ...type.names].map(foldCase);
  }

  typeOf(attribute: string): AttributeType | undefined {
    return this.#types.get(foldCase(attribute.replace(/;.*/s, '')));
  }

  /** A class and those above it, as far as the server knows them. */
  classes(name: string): readonly ObjectClass[] {
    const definition = this.#classes.get(foldCase(name));
    return definition === undefined
      ? []
      : [definition, ...definition.sup.flatMap((above) => this.classes(above))];
  }

  isWhole(name: string): boolean {
    const definition = this.#classes.get(foldCase(name));
    return definition?.sup.every((above) => this.isWhole(above)) === true;
  }
}

function namedClasses({ attributes }: AddEntry): readonly string[] {
  return (attributes['objectClass'] ?? []).map((value) => String(value));
}

function unmet(entry: AddEntry, schema: Definitions): readonly Problem[] {
  const { label, attributes } = entry;
  const present = new Set(Object.keys(attributes).map(foldCase));
  const isPresent = (name: string): boolean => schema.namesOf(name).some((one) => present.has(one));
  return namedClasses(entry).flatMap((name) => {
    const demanded = schema.classes(name).flatMap(({ must }) => must);
    const missing = demanded.filter((attribute) => !isPresent(attribute));
    return missing.length === 0 ? [] : [{ message: `${label}: ${name} demands ${missing.join(', ')}` }];
  });
}

function notAllowed(entry: AddEntry, schema: Definitions): readonly Problem[] {
  const { label, attributes } = entry;
  const names = namedClasses(entry);
  const isOpen = names.some((name) => foldCase(name) === 'extensibleobject' || !schema.isWhole(name));
  if (isOpen) return [];
  const classes = names.flatMap((name) => schema.classes(name));
  const allowed = new Set(
    classes.flatMap(({ must, may }) => [...must, ...may].flatMap((name) => schema.namesOf(name))),
  );
  const others = Object.keys(attributes).filter((name) => !isAllowed(name, allowed, schema));
  const of = `none of ${names.filter((name) => foldCase(name) !== 'top').join(', ')} allows`;
  return others.length === 0 ? [] : [{ message: `${label}: ${of} ${others.join(', ')}` }];
}

/** Operational attributes go with every class; so does a subtype of what is allowed on some servers. */
function isAllowed(attribute: string, allowed: ReadonlySet<string>, schema: Definitions): boolean {
  if (foldCase(attribute) === 'objectclass') return true;
  const type = schema.typeOf(attribute);
  if (type === undefined || type.usage !== 'userApplications') return true;
  if (schema.namesOf(type.oid).some((name) => allowed.has(name))) return true;
  return type.sup !== undefined && isAllowed(type.sup, allowed, schema);
}

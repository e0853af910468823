import { foldCase } from '../../directory/dn.ts';
import type { AttributeType, ObjectClass, SchemaElement } from '../../schema/definition.ts';

/** What rules mean by names of attributes and classes, by the schema of the server. */
export interface AttributeKinds {
  /** Whether the server has an attribute of this name. */
  isKnown(attribute: string): boolean;
  /** Whether a list of `attrs=` is about an attribute: by name, as a subtype, by `@class` or `!class`. */
  isListed(attribute: string, list: readonly string[]): boolean;
  /** Whether a filter fits all entries of which the account has to see any. */
  isEverything(filter: string): boolean;
}

export function attributeKinds(
  schema: readonly SchemaElement[],
  markers: readonly string[] = [],
): AttributeKinds {
  const types = new Map<string, AttributeType>();
  const classes = new Map<string, ObjectClass>();
  for (const one of schema)
    for (const name of [one.oid, ...one.names].map(foldCase))
      if (one.element === 'attributeType') types.set(name, one);
      else if (one.element === 'objectClass') classes.set(name, one);
  const chainOf = (name: string): ReadonlySet<string> => {
    const all = new Set<string>();
    for (let next: string | undefined = foldCase(name); next !== undefined && !all.has(next);) {
      all.add(next);
      const found = types.get(next);
      for (const other of [found?.oid, ...(found?.names ?? [])])
        if (other !== undefined) all.add(foldCase(other));
      next = found?.sup === undefined ? undefined : foldCase(found.sup);
    }
    return all;
  };
  const allowedBy = (name: string): readonly string[] => {
    const found = classes.get(foldCase(name));
    return found === undefined ? [] : [...found.must, ...found.may, ...found.sup.flatMap(allowedBy)];
  };
  const classAllows = (name: string, attribute: string): boolean => {
    const chain = chainOf(attribute);
    return foldCase(name) === 'extensibleobject' || allowedBy(name).some((one) => chain.has(foldCase(one)));
  };
  const isOne = (attribute: string, word: string): boolean => {
    if (word.startsWith('@')) return classAllows(word.slice(1), attribute);
    if (word.startsWith('!')) return !classAllows(word.slice(1), attribute);
    return word === '*' || chainOf(attribute).has(foldCase(word));
  };
  const wanted = new Set(['*', 'top', ...markers.map(foldCase)]);
  return {
    isKnown: (attribute) => types.has(foldCase(attribute)),
    isListed: (attribute, list) => list.some((word) => isOne(attribute, word.trim())),
    isEverything: (filter) => {
      const [, name] = /^\(?objectClass=([\w.*-]+)\)?$/i.exec(filter.trim()) ?? [];
      return name !== undefined && wanted.has(foldCase(name));
    },
  };
}

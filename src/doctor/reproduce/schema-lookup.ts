import { foldCase } from '../../directory/dn.ts';
import type { AttributeType, ObjectClass, SchemaElement } from '../../schema/definition.ts';
import { isStandard } from '../../schema/standard-oids.ts';

/** Standards, vendors and Keystone; below 1.2.840.113556.1.8000 each customer of Active Directory makes its own. */
const PUBLIC =
  /^(?:2\.5\.|1\.3\.6\.1\.1\.|1\.3\.6\.1\.3\.1\.666\.667\.|1\.3\.6\.1\.4\.1\.(?:42|250|5923|7165|15953|24552)\.|1\.2\.840\.113556\.1\.(?!8000\.)|2\.16\.840\.1\.113730\.3\.)/;

/** The definitions of a server, by name. */
export class SchemaLookup {
  readonly elements: readonly SchemaElement[];
  readonly #found = new Map<string, SchemaElement>();
  readonly #names = new Map<string, SchemaElement>();

  constructor(elements: readonly SchemaElement[]) {
    this.elements = elements;
    for (const element of elements)
      for (const name of [element.oid, ...element.names]) {
        this.#found.set(`${element.element} ${foldCase(name)}`, element);
        this.#names.set(foldCase(name), element);
      }
  }

  attribute(name: string): AttributeType | undefined {
    const found = this.#found.get(`attributeType ${foldCase(name.split(';')[0] ?? '')}`);
    return found?.element === 'attributeType' ? found : undefined;
  }

  /** The same for all names of an attribute. */
  keyOf(name: string): string {
    const found = this.attribute(name);
    return foldCase(found === undefined ? name : (found.names[0] ?? found.oid));
  }

  objectClass(name: string): ObjectClass | undefined {
    const found = this.#found.get(`objectClass ${foldCase(name)}`);
    return found?.element === 'objectClass' ? found : undefined;
  }

  /** Whatever it is the name of. */
  named(name: string): SchemaElement | undefined {
    return this.#names.get(foldCase(name));
  }

  /** The syntax that the attribute has, or that it has from the one it is derived from. */
  syntaxOf(attribute: string, seen = new Set<AttributeType>()): string | undefined {
    const found = this.attribute(attribute);
    if (found === undefined || seen.has(found)) return undefined;
    return found.syntax ?? (found.sup === undefined ? undefined : this.syntaxOf(found.sup, seen.add(found)));
  }

  /** The class and those above it. */
  chainOf(objectClass: string, seen = new Set<ObjectClass>()): ReadonlySet<ObjectClass> {
    const found = this.objectClass(objectClass);
    if (found === undefined || seen.has(found)) return seen;
    seen.add(found);
    for (const name of found.sup) this.chainOf(name, seen);
    return seen;
  }
}

/** Whether the name says nothing of the organisation. */
export function isPublic({ oid }: SchemaElement): boolean {
  return isStandard({ oid }) || PUBLIC.test(oid);
}

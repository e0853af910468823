import type { Problem } from '../errors.ts';
import {
  type AttributeType,
  type ContentRule,
  type Definition,
  ELEMENT_WORDS,
  labelOf,
  type LdapSyntax,
  type ObjectClass,
  type SchemaElement,
} from './definition.ts';

/**
 * Why slapd refuses definitions that are well-formed, as far as they themselves tell: what other files and slapd itself
 * define (matching rules, syntaxes, types, classes) is not known here, and references to it are believed.
 * @param definitions in the order in which slapd reads them
 */
export function faultsOfSlapd(definitions: readonly SchemaElement[]): readonly Problem[] {
  const book = new Book(definitions);
  return definitions.flatMap((definition, at) =>
    [...referenceFaults(definition, at, book), ...ownFaults(definition, book)].map((fault) => ({
      message: `${ELEMENT_WORDS[definition.element]} ${labelOf(definition)}: ${fault}.`,
      ...definition.source,
    })),
  );
}

/** Every slapd has it. */
const TOP: ObjectClass = {
  element: 'objectClass',
  oid: '2.5.6.0',
  names: ['top'],
  description: undefined,
  obsolete: false,
  extensions: [],
  source: undefined,
  sup: [],
  kind: 'ABSTRACT',
  must: ['objectClass'],
  may: [],
};

/** What the file defines, by names without case and OIDs; of two definitions the first counts. */
class Book {
  readonly #entries = new Map<string, { readonly definition: SchemaElement; readonly at: number }>();
  readonly #withEquality = new Map<AttributeType, boolean | undefined>();

  constructor(definitions: readonly SchemaElement[]) {
    for (const key of [TOP.oid, ...TOP.names])
      this.#entries.set(placeIn('objectClass', key), { definition: TOP, at: -1 });
    for (const [at, definition] of definitions.entries())
      for (const key of [definition.oid, ...definition.names]) {
        const place = placeIn(definition.element, key);
        if (!this.#entries.has(place)) this.#entries.set(place, { definition, at });
      }
    for (const definition of definitions)
      if (definition.element === 'attributeType')
        this.#withEquality.set(definition, this.#findEquality(definition));
  }

  where(
    kind: SchemaElement['element'],
    name: string,
  ): { readonly definition: SchemaElement; readonly at: number } | undefined {
    return this.#entries.get(placeIn(kind, name));
  }

  find<K extends SchemaElement['element']>(
    kind: K,
    name: string,
  ): Extract<SchemaElement, { element: K }> | undefined {
    const found = this.#entries.get(placeIn(kind, name))?.definition;
    return found as Extract<SchemaElement, { element: K }> | undefined;
  }

  /** Whether it has a rule for equality, its own or an inherited one; `undefined` where another file decides. */
  hasEquality(type: AttributeType): boolean | undefined {
    return this.#withEquality.get(type);
  }

  /** What is above stands before it, or is a fault of its own. */
  #findEquality({ equality, sup }: AttributeType): boolean | undefined {
    if (equality !== undefined) return true;
    if (sup === undefined) return false;
    const above = this.find('attributeType', sup);
    return above === undefined ? undefined : this.#withEquality.get(above);
  }
}

function placeIn(kind: SchemaElement['element'], name: string): string {
  return `${kind} ${name.toLowerCase()}`;
}

type Reference = readonly [clause: string, kind: SchemaElement['element'], name: string];

function referenceFaults(definition: SchemaElement, at: number, book: Book): readonly string[] {
  return referencesOf(definition).flatMap(([clause, kind, name]) => {
    const found = book.where(kind, name);
    if (found === undefined || found.at < at) return [];
    const { source } = found.definition;
    const where = source === undefined ? '' : ` (line ${source.line})`;
    return [
      `${clause} names "${name}", which is not defined above it but here${where}; slapd reads in order`,
    ];
  });
}

function referencesOf(definition: SchemaElement): readonly Reference[] {
  const all = (clause: string, kind: SchemaElement['element'], names: readonly string[]): Reference[] =>
    names.map((name) => [clause, kind, name]);
  switch (definition.element) {
    case 'ldapSyntax':
      return all('X-SUBST', 'ldapSyntax', substitutes(definition).slice(0, 1));
    case 'attributeType':
      return [
        ...all('SUP', 'attributeType', listOf(definition.sup)),
        ...all('SYNTAX', 'ldapSyntax', listOf(definition.syntax)),
      ];
    case 'objectClass':
      return [
        ...all('SUP', 'objectClass', definition.sup),
        ...all('MUST', 'attributeType', definition.must),
        ...all('MAY', 'attributeType', definition.may),
      ];
    case 'contentRule':
      return [
        ...all('the rule', 'objectClass', [definition.oid]),
        ...all('AUX', 'objectClass', definition.aux),
        ...all('MUST', 'attributeType', definition.must),
        ...all('MAY', 'attributeType', definition.may),
        ...all('NOT', 'attributeType', definition.not),
      ];
  }
}

function ownFaults(definition: SchemaElement, book: Book): readonly string[] {
  switch (definition.element) {
    case 'ldapSyntax':
      return syntaxFaults(definition);
    case 'attributeType':
      return attributeFaults(definition, book);
    case 'objectClass':
      return classFaults(definition, book);
    case 'contentRule':
      return ruleFaults(definition, book);
  }
}

function syntaxFaults(syntax: LdapSyntax): readonly string[] {
  const [subst] = syntax.extensions.filter(({ keyword }) => keyword === 'X-SUBST');
  return subst !== undefined && subst.values.length !== 1 ? ['X-SUBST takes exactly one OID'] : [];
}

function substitutes({ extensions }: Definition): readonly string[] {
  return extensions.find(({ keyword }) => keyword === 'X-SUBST')?.values ?? [];
}

function attributeFaults(type: AttributeType, book: Book): readonly string[] {
  const above = type.sup === undefined ? undefined : book.find('attributeType', type.sup);
  const needsEquality = type.ordering !== undefined || type.substr !== undefined;
  const ordered = type.extensions.find(({ keyword }) => keyword.toUpperCase() === 'X-ORDERED');
  return listOf(
    type.usage !== 'userApplications' &&
      `it is operational (USAGE ${type.usage}); slapd takes such types only from its own modules`,
    ...flagFaults(type),
    above?.obsolete === true && !type.obsolete && `its superior ${labelOf(above)} is OBSOLETE, and it is not`,
    needsEquality &&
      book.hasEquality(type) === false &&
      'ORDERING and SUBSTR need an EQUALITY, its own or an inherited one',
    ordered?.values.length === 0 && 'X-ORDERED has no value, which makes slapd crash',
  );
}

function flagFaults(type: AttributeType): readonly string[] {
  return listOf(
    type.usage === 'userApplications' &&
      type.noUserModification &&
      'NO-USER-MODIFICATION is for operational attributes only',
    type.collective && type.singleValue && 'it cannot be COLLECTIVE and SINGLE-VALUE',
  );
}

function classFaults(objectClass: ObjectClass, book: Book): readonly string[] {
  return objectClass.sup.flatMap((name) => {
    const above = book.find('objectClass', name);
    if (above === undefined) return [];
    return listOf(
      above.kind !== objectClass.kind &&
        above.kind !== 'ABSTRACT' &&
        `it is ${objectClass.kind}, and its superior ${labelOf(above)} is ${above.kind}`,
      above.obsolete && !objectClass.obsolete && `its superior ${labelOf(above)} is OBSOLETE, and it is not`,
    );
  });
}

function ruleFaults(rule: ContentRule, book: Book): readonly string[] {
  const structural = book.find('objectClass', rule.oid);
  const aux = rule.aux.flatMap((name) => book.find('objectClass', name) ?? []);
  const attributes = [...rule.must, ...rule.may, ...rule.not];
  const seen = new Set<string>();
  const twice = attributes.filter((name) => {
    const key = book.find('attributeType', name)?.oid ?? name.toLowerCase();
    return seen.size === seen.add(key).size;
  });
  return listOf(
    structural !== undefined &&
      structural.kind !== 'STRUCTURAL' &&
      `its class ${labelOf(structural)} is ${structural.kind}; content rules are for STRUCTURAL ones`,
    ...aux
      .filter(({ kind }) => kind !== 'AUXILIARY')
      .map((one) => `AUX names ${labelOf(one)}, which is ${one.kind}`),
    ...twice.map((name) => `it names "${name}" twice`),
  );
}

/** Those that are something. */
function listOf(...texts: readonly (string | false | undefined)[]): readonly string[] {
  return texts.filter((text): text is string => typeof text === 'string');
}

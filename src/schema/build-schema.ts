import { KeystoneLdapError, type Problem } from '../errors.ts';
import type { ReportFault } from './clauses.ts';
import {
  type AttributeType,
  type DefinitionSource,
  labelOf,
  type ObjectClass,
  type Schema,
  type SchemaElement,
} from './definition.ts';
import { defineMacro, type OidMacros } from './oid-macros.ts';
import { readAttributeType, readObjectClass } from './read-definition.ts';

/** Where in a file something is; empty where there is no file. */
export type Place = Pick<Problem, 'file' | 'line' | 'column'>;

/** One directive of a schema, from whichever form. */
export interface Directive {
  /** Its keyword or attribute as written, in any case: `attributetype`, `olcObjectClasses` … */
  readonly name: string;
  readonly place: Place;
  readonly body: string;
  /** The place of a character of the body. */
  readonly placeOf: (offset: number) => Place;
}

const SUPPORTED = 'a schema is made of objectidentifier, attributetype and objectclass';

interface Draft {
  readonly macros: Map<string, string>;
  readonly attributeTypes: AttributeType[];
  readonly objectClasses: ObjectClass[];
  readonly problems: Problem[];
}

/**
 * Makes a schema from its directives, in their order.
 * @param subject what the error is to name
 * @throws `SCHEMA_INVALID` with every problem
 */
export function buildSchema(
  name: string,
  directives: Iterable<Directive>,
  options: { readonly subject: string; readonly macros?: OidMacros | undefined },
): Schema {
  const draft: Draft = {
    macros: new Map(options.macros),
    attributeTypes: [],
    objectClasses: [],
    problems: [],
  };
  for (const directive of directives) readDirective(directive, draft);
  const { attributeTypes, objectClasses } = draft;
  const problems = [...draft.problems, ...doubles(attributeTypes), ...doubles(objectClasses)];
  if (problems.length === 0) return { name, attributeTypes, objectClasses };
  throw new KeystoneLdapError('SCHEMA_INVALID', `${options.subject} is not a schema that can be used.`, {
    problems: problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)),
  });
}

function readDirective({ name, place, body, placeOf }: Directive, draft: Draft): void {
  const report: ReportFault = (message, offset) => {
    draft.problems.push({ message, ...placeOf(offset) });
  };
  const context = { macros: draft.macros, source: sourceOf(place), report };
  switch (name.toLowerCase().replace(/^olc/, '')) {
    case 'objectidentifier': {
      const fault = defineMacro(body, draft.macros);
      if (fault !== undefined) report(fault, 0);
      return;
    }
    case 'attributetype':
    case 'attributetypes': {
      const definition = readAttributeType(body, context);
      if (definition !== undefined) draft.attributeTypes.push(definition);
      return;
    }
    case 'objectclass':
    case 'objectclasses': {
      const definition = readObjectClass(body, context);
      if (definition !== undefined) draft.objectClasses.push(definition);
      return;
    }
    default:
      draft.problems.push({ message: `"${name}" is not supported; ${SUPPORTED}.`, ...place });
  }
}

function sourceOf({ file, line }: Place): DefinitionSource | undefined {
  return file === undefined || line === undefined ? undefined : { file, line };
}

/** OIDs and names that are defined a second time; the two kinds of definition have separate name spaces in slapd. */
function doubles(definitions: readonly SchemaElement[]): readonly Problem[] {
  const first = new Map<string, SchemaElement>();
  return definitions.flatMap((definition) => {
    const keys = [definition.oid, ...new Set(definition.names.map((name) => name.toLowerCase()))];
    return keys.flatMap((key) => {
      const before = first.get(key);
      if (before === undefined) first.set(key, definition);
      return before === undefined ? [] : [double(definition, key, before)];
    });
  });
}

function double(definition: SchemaElement, key: string, before: SchemaElement): Problem {
  const where = before.source === undefined ? '' : ` on line ${before.source.line}`;
  return { message: `${labelOf(definition)}: "${key}" is defined already${where}.`, ...definition.source };
}

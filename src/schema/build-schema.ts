import { KeystoneLdapError, type Problem } from '../errors.ts';
import type { ReportFault } from './clauses.ts';
import {
  type DefinitionSource,
  labelOf,
  type Schema,
  SCHEMA_ATTRIBUTES,
  type SchemaElement,
} from './definition.ts';
import { defineMacro, type OidMacros } from './oid-macros.ts';
import { type DefinitionContext, READERS } from './read-definition.ts';
import { faultsOfSlapd } from './slapd-rules.ts';

/** Where in a file something is; empty where there is no file. */
export type Place = Pick<Problem, 'file' | 'line' | 'column'>;

/** One directive of a schema, from whichever form. */
export type Directive = {
  readonly place: Place;
  /** The place of a character of the body. */
  readonly placeOf: (offset: number) => Place;
} & (
  | { readonly kind: SchemaElement['element']; readonly body: string }
  | { readonly kind: 'objectIdentifier'; readonly words: readonly string[] }
  | { readonly kind: 'fault'; readonly message: string }
);

interface Draft {
  readonly macros: Map<string, string>;
  readonly definitions: SchemaElement[];
  readonly problems: Problem[];
  readonly grammar: DefinitionContext['grammar'];
}

/**
 * Makes a schema from its directives, in their order.
 * @param subject what the error is to name
 * @throws `SCHEMA_INVALID` with every problem
 */
export function buildSchema(
  name: string,
  directives: Iterable<Directive>,
  options: {
    readonly subject: string;
    readonly grammar: DefinitionContext['grammar'];
    readonly macros?: OidMacros | undefined;
  },
): Schema {
  const { grammar } = options;
  const draft: Draft = { macros: new Map(options.macros), definitions: [], problems: [], grammar };
  for (const directive of directives) readDirective(directive, draft);
  const { definitions } = draft;
  const problems = [
    ...draft.problems,
    ...SCHEMA_ATTRIBUTES.flatMap(([element]) => doubles(ofKind(definitions, element))),
    ...(grammar === 'slapd' ? faultsOfSlapd(definitions) : []),
  ];
  if (problems.length === 0)
    return {
      name,
      syntaxes: ofKind(definitions, 'ldapSyntax'),
      attributeTypes: ofKind(definitions, 'attributeType'),
      objectClasses: ofKind(definitions, 'objectClass'),
      contentRules: ofKind(definitions, 'contentRule'),
    };
  throw new KeystoneLdapError('SCHEMA_INVALID', `${options.subject} is not a schema that can be used.`, {
    problems: problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)),
  });
}

function ofKind<K extends SchemaElement['element']>(
  definitions: readonly SchemaElement[],
  kind: K,
): readonly Extract<SchemaElement, { element: K }>[] {
  return definitions.filter(
    (definition): definition is Extract<SchemaElement, { element: K }> => definition.element === kind,
  );
}

function readDirective(directive: Directive, draft: Draft): void {
  const { place, placeOf } = directive;
  const report: ReportFault = (message, offset) => {
    draft.problems.push({ message, ...placeOf(offset) });
  };
  if (directive.kind === 'fault') {
    draft.problems.push({ message: directive.message, ...place });
  } else if (directive.kind === 'objectIdentifier') {
    const fault = defineMacro(directive.words, draft.macros);
    if (fault !== undefined) draft.problems.push({ message: fault, ...place });
  } else {
    const { macros, grammar } = draft;
    const context = { macros, grammar, source: sourceOf(place), report };
    const definition = READERS[directive.kind](directive.body, context);
    if (definition !== undefined) draft.definitions.push(definition);
  }
}

function sourceOf({ file, line }: Place): DefinitionSource | undefined {
  return file === undefined || line === undefined ? undefined : { file, line };
}

/** OIDs and names that are defined a second time; each kind of definition has a name space of its own in slapd. */
function doubles(definitions: readonly SchemaElement[]): readonly Problem[] {
  const first = new Map<string, SchemaElement>();
  return definitions.flatMap((definition) =>
    [definition.oid, ...definition.names.map((name) => name.toLowerCase())].flatMap((key) => {
      const before = first.get(key);
      if (before === undefined) first.set(key, definition);
      return before === undefined ? [] : [double(definition, key, before)];
    }),
  );
}

function double(definition: SchemaElement, key: string, before: SchemaElement): Problem {
  const where = before.source === undefined ? '' : ` on line ${before.source.line}`;
  return { message: `${labelOf(definition)}: "${key}" is defined already${where}.`, ...definition.source };
}

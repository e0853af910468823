import fc from 'fast-check';

/**
 * Text as people and tools write it into a `.schema` file, from what slapd takes to what it does not: odd spacing,
 * comments, continuation lines, quotes, empty lists, keywords that go on, trailing text, macros, and slips.
 */
const often = <T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { arbitrary: fc.constant(usual), weight: 12 * others.length },
    { arbitrary: fc.constantFrom(...others), weight: others.length },
  );

const DIRECTORY_STRING = '1.3.6.1.4.1.1466.115.121.1.15';
const ARC = '1.3.6.1.4.1.99999';

const gap = often(' ', '  ', '\t', '\n ', '\n\t', '\n   \n ', ' \\\n');
const keywordCase = fc.constantFrom<(word: string) => string>(
  (word) => word,
  (word) => word,
  (word) => word.toLowerCase(),
  (word) => word.charAt(0) + word.slice(1).toLowerCase(),
);

const description = fc.oneof(
  fc.constantFrom(
    'plain',
    '',
    'two  blanks',
    'a "word"',
    'half a "word',
    'back\\slash',
    'an escaped \\27 quote',
    '\\5c',
    '( $ )',
    'Fuß',
    'x # y',
  ),
  fc.string({ maxLength: 8 }).map((text) => text.replace(/['\0\r\n]/g, '')),
);

interface Names {
  /** Of this definition, unique most of the time. */
  readonly number: number;
  readonly attributes: readonly string[];
  readonly classes: readonly string[];
}

function oidOf(kind: number, number: number): fc.Arbitrary<string> {
  return often(
    `${ARC}.${kind}.${number}`,
    `drawnRoot:${kind}.${number}`,
    `drawn${kind}:${number}`,
    `${kind}`,
  );
}

function nameOf(prefix: string, number: number): fc.Arbitrary<string> {
  const name = `${prefix}${number}`;
  return often(
    `'${name}'`,
    `( '${name}' )`,
    `( '${name}' '${name}-too' )`,
    `('${name}''${name}x')`,
    '( )',
    name,
  );
}

function oneOf(names: readonly string[]): fc.Arbitrary<string> {
  return fc.constantFrom(...names);
}

function listOf(names: readonly string[]): fc.Arbitrary<string> {
  const joined = fc
    .uniqueArray(oneOf(names), { minLength: 1, maxLength: 4 })
    .chain((all) => often(`( ${all.join(' $ ')} )`, `(${all.join('$')})`, `( ${all.join(' ')} )`));
  return fc.oneof(
    { arbitrary: joined, weight: 24 },
    { arbitrary: oneOf(names), weight: 16 },
    { arbitrary: fc.constantFrom('( )', '()', "'cn'", "( 'cn' )", '( cn $ )'), weight: 1 },
  );
}

const extension = fc.constantFrom(
  "X-ORIGIN 'me'",
  "X-ORIGIN ( 'me' 'you' )",
  "X-origin 'me'",
  'X-NOTE.9 ( )',
  "x-origin 'me'",
);

type Clause = fc.Arbitrary<string>;

/** Some of the clauses, each once most of the time, in any order. */
function clausesOf(
  required: readonly Clause[],
  optional: readonly Clause[],
): fc.Arbitrary<readonly string[]> {
  return fc
    .tuple(
      fc.tuple(...required),
      fc.tuple(...optional.map((clause) => fc.option(clause, { nil: undefined, freq: 2 }))),
      fc.array(fc.oneof(...optional), { maxLength: 1 }),
      fc.nat(7),
    )
    .chain(([first, some, more, luck]) => {
      const chosen = [
        ...first,
        ...some.filter((clause) => clause !== undefined),
        ...(luck === 0 ? more : []),
      ];
      return fc.shuffledSubarray(chosen, { minLength: chosen.length });
    });
}

function definition(
  keyword: fc.Arbitrary<string>,
  oid: fc.Arbitrary<string>,
  clauses: fc.Arbitrary<readonly string[]>,
): fc.Arbitrary<string> {
  const trailing = often('', ' ', ' SINGLE-VALUE )', ' # so', ' it\'s "so', ' (');
  return fc
    .tuple(keyword, oid, clauses, fc.infiniteStream(gap), trailing, keywordCase)
    .map(([word, number, all, gaps, after, inCase]) => {
      const space = () => String(gaps.next().value);
      const written = all.map((clause) =>
        clause.replace(/^[A-Z-]+(?!\S)/, (head) => (head.startsWith('X-') ? head : inCase(head))),
      );
      const body = written.map((clause) =>
        clause.replace(/ /g, (blank, at: number, whole: string) => (isQuoted(whole, at) ? blank : space())),
      );
      return `${word} (${space()}${number}${space()}${body.join(space())}${space()})${after}`;
    });
}

function isQuoted(text: string, at: number): boolean {
  return text.slice(0, at).split("'").length % 2 === 0;
}

const desc = description.map((text) => `DESC '${text}'`);

function attributeType({ number, attributes }: Names): fc.Arbitrary<string> {
  const name = nameOf('drawnAttribute', number).map((names) => `NAME ${names}`);
  const syntax = often(
    `SYNTAX ${DIRECTORY_STRING}`,
    'SYNTAX OMsDirectoryString',
    `SYNTAX '${DIRECTORY_STRING}'`,
    `SYNTAX ${DIRECTORY_STRING}{64}`,
    'SYNTAX OMsyn:15{0}',
    `SYNTAX ${DIRECTORY_STRING}{}`,
    `SYNTAX ${DIRECTORY_STRING}{ 5}`,
    `SYNTAX drawnRoot:9.1`,
  );
  const keyword = often(
    'attributetype',
    'attributeTypes',
    'ATTRIBUTE',
    'attributetype:',
    'attributeoptions',
    'attribut',
  );
  const flag = fc.constantFrom(
    'SINGLE-VALUE',
    'COLLECTIVE',
    'OBSOLETE',
    'SINGLE-VALUE',
    'NO-USER-MODIFICATION',
  );
  const clauses = clausesOf(
    [
      name,
      fc.oneof(
        { arbitrary: syntax, weight: 5 },
        { arbitrary: oneOf(attributes).map((sup) => `SUP ${sup}`), weight: 2 },
      ),
    ],
    [
      desc,
      flag,
      often('EQUALITY caseIgnoreMatch', "EQUALITY 'caseIgnoreMatch'"),
      fc.constantFrom('SUBSTR caseIgnoreSubstringsMatch', 'ORDERING caseIgnoreOrderingMatch'),
      often('USAGE userApplications', 'USAGE directoryOperation', 'USAGE never'),
      extension,
    ],
  );
  return definition(keyword, oidOf(1, number), clauses);
}

function objectClass({ number, attributes, classes }: Names): fc.Arbitrary<string> {
  const name = nameOf('drawnClass', number).map((names) => `NAME ${names}`);
  const clauses = clausesOf(
    [name],
    [
      desc,
      fc.oneof(listOf(classes), oneOf(classes)).map((sup) => `SUP ${sup}`),
      often('AUXILIARY', 'STRUCTURAL', 'ABSTRACT', 'OBSOLETE'),
      listOf(attributes).map((must) => `MUST ${must}`),
      listOf(attributes).map((may) => `MAY ${may}`),
      extension,
    ],
  );
  return definition(
    often('objectclass', 'OBJECTCLASS', 'objectclasses', 'objectclass:'),
    oidOf(2, number),
    clauses,
  );
}

function contentRule({ number, attributes, classes }: Names): fc.Arbitrary<string> {
  const clauses = clausesOf(
    [fc.constant(`NAME 'drawnRule${number}'`)],
    [
      desc,
      listOf(classes).map((aux) => `AUX ${aux}`),
      listOf(attributes).map((must) => `MUST ${must}`),
      listOf(['cn', 'sn', 'l']).map((may) => `MAY ${may}`),
      listOf(['description', 'ou']).map((not) => `NOT ${not}`),
    ],
  );
  const oid = fc.constantFrom(...classes.map((_, at) => `${ARC}.2.${at}`), '2.5.6.6', '2.5.6.7');
  return definition(often('ditcontentrule', 'ditcontentrule a b', 'ditcontentrules'), oid, clauses);
}

function ldapSyntax({ number }: Names): fc.Arbitrary<string> {
  const subst = often(`X-SUBST '${DIRECTORY_STRING}'`, "X-SUBST ( '1.2' '1.3' )", 'X-SUBST ( )');
  const clauses = clausesOf([subst], [desc, fc.constant("NAME 'any'"), extension]);
  return definition(often('ldapsyntax', 'ldapsyntaxes'), fc.constant(`${ARC}.9.${number}`), clauses);
}

const macro: fc.Arbitrary<string> = fc.constantFrom(
  `objectidentifier drawnRoot ${ARC}`,
  'objectidentifier\tdrawn1 drawnRoot:1',
  'ObjectIdentifier "drawn2" drawnRoot:2',
  `objectidentifier drawnRoot ${ARC}.7`,
  'objectidentifier drawn3 nothing:3',
  'objectidentifier drawn4 1.2.3 4',
  "objectidentifier drawn'5 (1.2",
);

const between = often(
  '\n',
  '\n\n',
  '\n# a comment ( of\n',
  '\n#a\n  its fold\n',
  '\n \n',
  '\r\n',
  '\n# a\\\nnot read\n',
);

const file = fc.integer({ min: 1, max: 5 }).chain((count) => {
  const statements = Array.from({ length: count }, (_, number) => {
    const earlier = Array.from({ length: number }, (_unused, at) => at);
    const names: Names = {
      number,
      attributes: [
        'cn',
        'sn',
        'l',
        'ou',
        'o',
        'st',
        'name',
        '2.5.4.13',
        ...earlier.map((at) => `drawnAttribute${at}`),
      ],
      classes: ['top', 'top', 'top', ...earlier.map((at) => `drawnClass${at}`)],
    };
    const kinds = [attributeType(names), attributeType(names), objectClass(names), objectClass(names)];
    return fc.oneof(...kinds, ldapSyntax(names), contentRule(names), macro);
  });
  return fc
    .tuple(fc.tuple(...statements), fc.infiniteStream(between), fc.boolean())
    .map(([all, gaps, rooted]) => {
      const root = `objectidentifier drawnRoot ${ARC}\nobjectidentifier drawn1 drawnRoot:1\nobjectidentifier drawn2 drawnRoot:2\n`;
      return all.reduce((text, one) => text + one + String(gaps.next().value), rooted ? root : '');
    });
});

/** A character lost, or one too many. */
const slip = fc.tuple(
  fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  fc.constantFrom('', ...Array.from('()$\'"{} \t\n\\#:.a1')),
);

export const arbitrarySchemaFile: fc.Arbitrary<string> = fc
  .tuple(file, fc.option(slip, { nil: undefined, freq: 2 }))
  .map(([text, slipped]) => {
    if (slipped === undefined) return text;
    const [place, character] = slipped;
    const at = Math.floor(place * text.length);
    return text.slice(0, at) + character + text.slice(character === '' ? at + 1 : at);
  });

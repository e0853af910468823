import fc from 'fast-check';

/** An option as a file sets it. */
export type SetOption = readonly [section: string, option: string, value: string];

/** Ways of writing that only ConfigParser reads so, which Essex used. */
type Manner = 'plain' | 'comment' | 'case' | 'colon' | 'rem' | 'empty before' | 'in [DEFAULT]';
const MANNERS: readonly Manner[] = [
  'plain',
  'comment',
  'case',
  'colon',
  'rem',
  'empty before',
  'in [DEFAULT]',
];

/** A file that sets these options as Essex's parser reads them, each in a manner of its own. */
export function essexText(options: readonly SetOption[]): fc.Arbitrary<string> {
  return fc.tuple(...options.map(() => fc.constantFrom(...MANNERS))).map((manners) => {
    const sections = new Map<string, string[]>([['DEFAULT', []]]);
    options.forEach(([section, option, value], at) => {
      // Only one section can have an option of this name in [DEFAULT].
      const shared = options.some(([other, name]) => name === option && other !== section);
      const manner = manners[at] === 'in [DEFAULT]' && shared ? 'plain' : (manners[at] ?? 'plain');
      const own = sections.get(section) ?? [];
      sections.set(section, own);
      const place = manner === 'in [DEFAULT]' ? (sections.get('DEFAULT') ?? own) : own;
      place.push(...written(option, value, manner));
    });
    return [...sections]
      .map(([name, lines]) => `[${name}] of Essex\n${lines.map((line) => `${line}\n`).join('')}`)
      .join('\n');
  });
}

function written(option: string, value: string, manner: Manner): readonly string[] {
  switch (manner) {
    case 'comment':
      return [`${option} = ${value} ; not "theirs"`];
    case 'case':
      return [`${option.toUpperCase()} = ${value}`];
    case 'colon':
      return [`${option}:${value}`];
    case 'rem':
      return [`REM ${option} = other`, `${option} = ${value}`];
    case 'empty before':
      return [`${option} =`, '', '# a comment', `${option} = ${value}`];
    case 'plain':
    case 'in [DEFAULT]':
      return [`${option} = ${value}`];
  }
}

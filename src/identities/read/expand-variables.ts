/** The environment, by which sample data may be changed. */
export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * `${NAME:-default}` becomes the value of the variable, or the default where that is unset or empty (POSIX.1-2017, Shell
 * Command Language, section 2.6.2); the default may hold references itself, a value is taken as it is. `undefined`
 * where something begins like a reference and is none.
 */
export function expandVariables(text: string, variables: Variables): string | undefined {
  return expandUntil(undefined, { text, from: 0, variables })?.value;
}

interface Expansion {
  readonly value: string;
  /** Behind what was read. */
  readonly end: number;
}

interface Stretch {
  readonly text: string;
  readonly from: number;
  readonly variables: Variables;
}

function expandUntil(closing: '}' | undefined, { text, from, variables }: Stretch): Expansion | undefined {
  let value = '';
  let at = from;
  while (at < text.length) {
    if (text[at] === closing) return { value, end: at + 1 };
    const reference = text.startsWith('${', at) ? expandReference({ text, from: at, variables }) : undefined;
    if (reference === undefined && text.startsWith('${', at)) return undefined;
    value += reference?.value ?? text.charAt(at);
    at = reference?.end ?? at + 1;
  }
  return closing === undefined ? { value, end: at } : undefined;
}

function expandReference({ text, from, variables }: Stretch): Expansion | undefined {
  const [start, name] = /^\$\{([A-Z][A-Z0-9_]*):-/.exec(text.slice(from)) ?? [];
  if (start === undefined || name === undefined) return undefined;
  const otherwise = expandUntil('}', { text, from: from + start.length, variables });
  const value = variables[name] ?? '';
  return otherwise === undefined || value === '' ? otherwise : { value, end: otherwise.end };
}

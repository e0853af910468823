import type { OptionType, OptionValue, ValueLimits } from '../../releases/option-history.ts';

export type OsloText = { readonly text: string } | { readonly fault: string };
export type OsloReading = { readonly value: OptionValue } | { readonly fault: string };

/**
 * The text after which oslo.config gives just this value to Keystone, or why there is none ("it …"). It replaces
 * `$name`, where `$$` stands for one `$`; it drops blanks around a value, and one pair of quotes around the rest.
 * Where the parser does not drop quotes, there is no writing for blanks around a value.
 */
export function writeOsloString(value: string, dropsQuotes = true): OsloText {
  const fault = UNWRITABLE.find(({ pattern }) => pattern.test(value))?.fault;
  if (fault !== undefined) return { fault };
  const escaped = value.replaceAll('$', '$$$$');
  return { text: dropsQuotes && NEEDS_QUOTES.test(escaped) ? `"${escaped}"` : escaped };
}

/** Items are split at commas and stripped, and nothing escapes a comma. */
export function writeOsloList(items: readonly string[]): OsloText {
  const bad = items.find((item) => item === '' || item.includes(',') || BLANK_AROUND.test(item));
  if (bad !== undefined) return { fault: `it has the item "${bad}", which a list cannot hold` };
  return writeOsloString(items.join(','));
}

/** A value as the sample files write such values. */
export function writeOsloValue(value: Exclude<OptionValue, undefined>): OsloText {
  if (typeof value === 'string') return writeOsloString(value);
  return typeof value === 'object' ? writeOsloList(value) : { text: String(value) };
}

/** What an option that a value refers to holds: `name`, or `group.name`; `undefined` where there is none. */
export type OsloLookup = (name: string) => string | undefined;

/**
 * What Keystone gets from a value that the parser has read (without its quotes), or why it does not start ("it …").
 * Without a lookup, what other options hold is not known.
 */
export function readOsloValue(
  read: string,
  type: OptionType,
  limits?: ValueLimits,
  lookup?: OsloLookup,
): OsloReading {
  const plain = readDollars(read, lookup);
  return 'fault' in plain ? plain : readTyped(plain.text, type, limits);
}

/** The same for a value that is not written down yet, so that a `$` in it is a `$`. */
export function readTyped(text: string, type: OptionType, limits?: ValueLimits): OsloReading {
  // An empty number is none.
  if ((type === 'integer' || type === 'float') && text.replace(STRIPPED, '') === '')
    return { value: undefined };
  const value = READERS[type](text);
  if (value === undefined) return { fault: `it is not ${TYPE_NAMES[type]}` };
  const { choices, minimum } = limits ?? {};
  if (choices !== undefined && typeof value === 'string' && !choices.includes(value))
    return { fault: `it is not one of ${choices.join(', ')}` };
  if (minimum !== undefined && typeof value === 'number' && value < minimum)
    return { fault: `it is less than ${minimum}` };
  return { value };
}

/** What Python's `str.strip` takes; older releases took the ASCII ones of these only. */
const PYTHON_BLANK =
  '[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const BLANK_AROUND = new RegExp(`^${PYTHON_BLANK}|${PYTHON_BLANK}$`);
const STRIPPED = new RegExp(`^${PYTHON_BLANK}+|${PYTHON_BLANK}+$`, 'g');

/** Blanks that would be dropped, or quotes that would: a lone quote counts as both of a pair. */
const NEEDS_QUOTES = new RegExp(`${BLANK_AROUND.source}|^(["'])(?:.*\\1)?$`, 's');

const UNWRITABLE: readonly { readonly pattern: RegExp; readonly fault: string }[] = [
  { pattern: /[\r\n\0]/, fault: 'it holds a line break or NUL' },
  { pattern: /\\\$/, fault: 'it contains "\\$", which is always read as "$"' },
  { pattern: /\p{Surrogate}|\uFFFD/u, fault: 'it holds a character that UTF-8 cannot carry' },
];

/** oslo.config's references: `$name`, `$group.name`, in braces or not, in any case. A `$` before all else stays. */
const DOLLAR = /\$(?:\$|[_a-z][._a-z0-9]*|\{[_a-z][._a-z0-9]*\}|)/gi;

/** References that double each other make texts without end out of few lines; no option of Keystone is that long. */
const LONGEST = 1_000_000;

function readDollars(read: string, lookup: OsloLookup | undefined): OsloText {
  const unknown: string[] = [];
  let added = 0;
  const text = read.replaceAll('\\$', '$$$$').replace(DOLLAR, (reference) => {
    const name = reference.slice(1).replace(/^\{|\}$/g, '');
    if (name === '' || name === '$') return '$';
    const value = lookup?.(name);
    if (value === undefined) unknown.push(name);
    added += value?.length ?? 0;
    return added > LONGEST ? '' : (value ?? '');
  });
  if (added > LONGEST) return { fault: `what it refers to makes it longer than ${LONGEST} characters` };
  if (unknown.length === 0) return { text };
  return {
    fault:
      lookup === undefined
        ? 'it refers to another option'
        : `it refers to ${unknown.join(', ')}, whose value is not known`,
  };
}

const READERS: Readonly<Record<OptionType, (text: string) => OptionValue>> = {
  string: (text) => text,
  dn: (text) => text,
  boolean: readBoolean,
  integer: (text) => readNumber(text, /^[+-]?\d+$/),
  float: (text) => readSpecial(text) ?? readNumber(text, /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i),
  list: readList,
};

const TYPE_NAMES: Readonly<Record<OptionType, string>> = {
  string: 'text',
  dn: 'text',
  boolean: 'true or false',
  integer: 'an integer',
  float: 'a number',
  list: 'a list',
};

function readBoolean(text: string): boolean | undefined {
  if (/^(?:true|1|on|yes)$/i.test(text)) return true;
  return /^(?:false|0|off|no)$/i.test(text) ? false : undefined;
}

function readNumber(text: string, form: RegExp): number | undefined {
  const stripped = text.replace(STRIPPED, '');
  return form.test(stripped) ? Number(stripped) : undefined;
}

/** Python also reads `nan` and `inf` as numbers. */
function readSpecial(text: string): number | undefined {
  const [, sign, name] = /^([+-]?)(nan|inf(?:inity)?)$/i.exec(text.replace(STRIPPED, '')) ?? [];
  if (name === undefined) return undefined;
  if (name.toLowerCase() === 'nan') return Number.NaN;
  return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function readList(text: string): readonly string[] {
  const items = text.replace(STRIPPED, '').replace(/,+$/, '');
  return items === '' ? [] : items.split(',').map((item) => item.replace(STRIPPED, ''));
}

/**
 * What the release's configuration reader replaces inside values: `%(name)s` (ConfigParser, up to essex-2), or
 * `$name` (the copy of what became oslo.config, from essex-3 on).
 */
export type Interpolation = 'percent' | 'dollar';

export type LegacyValue = { readonly value: string } | { readonly fault: string };

/** The value as it has to stand in the file, or why no writing of it would be read back ("it …"). */
export function writeLegacyValue(value: string, interpolation: Interpolation): LegacyValue {
  const fault = UNWRITABLE.find(({ pattern }) => pattern.test(value))?.fault;
  if (fault !== undefined) return { fault };
  if (interpolation === 'dollar') return { value: value.replaceAll('$', '$$$$') };
  // ConfigParser replaces only in values with "%(", and over and over until none is left: nothing escapes it.
  return value.includes('%(') ? { fault: 'it contains "%(", which is always replaced' } : { value };
}

/** The value that the release works with when the file says `written`. */
export function readLegacyValue(written: string, interpolation: Interpolation): LegacyValue {
  const refers = { fault: 'refers to another option' };
  if (interpolation === 'percent') return written.includes('%(') ? refers : { value: written };
  const named = [...written.matchAll(DOLLAR)].some(([text]) => text !== '$$' && text !== '$');
  return named ? refers : { value: written.replaceAll('$$', '$') };
}

/** Python's `string.Template`: a `$` before anything else stays. */
const DOLLAR = /\$(?:\$|[A-Za-z_]\w*|\{[A-Za-z_]\w*\}|)/g;

/** What Python 2's ConfigParser does not read back from an option's line. */
const UNWRITABLE: readonly { readonly pattern: RegExp; readonly fault: string }[] = [
  { pattern: /[\r\n\0]/, fault: 'it holds a line break or NUL' },
  { pattern: /^[ \t\v\f]|[ \t\v\f]$/, fault: 'it starts or ends with a blank, which the parser drops' },
  { pattern: /^[^;]*[ \t\v\f];/, fault: 'it contains " ;", where the parser sees a comment' },
  { pattern: /^""$/, fault: 'it is "", which the parser reads as empty' },
];

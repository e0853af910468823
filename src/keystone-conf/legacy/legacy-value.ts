import type { LegacyConfStyle } from '../../releases/release.ts';

export type Interpolation = LegacyConfStyle['interpolation'];

export type LegacyValue = { readonly value: string } | { readonly fault: string };

/** The value as it has to stand in the file, or why no writing of it would be read back ("it …"). */
export function writeLegacyValue(value: string, interpolation: Interpolation): LegacyValue {
  const fault = UNWRITABLE.find(({ pattern }) => pattern.test(value))?.fault;
  if (fault !== undefined) return { fault };
  // ConfigParser replaces "%(" over and over until none is left, so that nothing escapes it. Where SafeConfigParser
  // reads the backend's options, the other still goes over the whole file.
  if (value.includes('%(')) return { fault: 'it contains "%(", which is always replaced' };
  return { value: interpolation === 'SafeConfigParser' ? value.replaceAll('%', '%%') : value };
}

/** The value that the release works with when the file says `written`. */
export function readLegacyValue(written: string, interpolation: Interpolation): LegacyValue {
  if (written.includes('%(')) return { fault: 'refers to another option' };
  if (interpolation === 'ConfigParser') return { value: written };
  if (written.replaceAll('%%', '').includes('%'))
    return { fault: 'holds a single "%", with which Keystone does not start: write "%%"' };
  return { value: written.replaceAll('%%', '%') };
}

/** What Python 2's ConfigParser does not read back from an option's line. */
const UNWRITABLE: readonly { readonly pattern: RegExp; readonly fault: string }[] = [
  { pattern: /[\r\n\0]/, fault: 'it holds a line break or NUL' },
  { pattern: /^[ \t\v\f]|[ \t\v\f]$/, fault: 'it starts or ends with a blank, which the parser drops' },
  { pattern: /^[^;]*[ \t\v\f];/, fault: 'it contains " ;", where the parser sees a comment' },
  { pattern: /^""$/, fault: 'it is "", which the parser reads as empty' },
];

import { ESSEX_DEFAULTS, ESSEX_OPTIONS, ESSEX_TYPED } from '../../releases/essex-options.ts';
import { encodeText } from './conf-line.ts';
import type { ConfDocument } from './document.ts';
import { isPassword } from './masked-lines.ts';
import { optionValue } from './option-value.ts';

/** ConfigParser's own limit. */
const DEEPEST = 10;

/**
 * A line of an option's value with what Essex puts in the place of its references, in latin1. References that Essex does
 * not follow stay, and so does one to a secret from an option that is shown.
 */
export function resolveReferences(
  doc: ConfDocument,
  [section, option]: readonly [section: string, option: string],
  latin1: string,
): string {
  if (ESSEX_TYPED.has(`${section}.${option}`)) return resolvePercents(doc, section, latin1, 0) ?? latin1;
  if (ESSEX_OPTIONS.get(section)?.includes(option) !== true) return latin1;
  return latin1.replace(DOLLAR, (reference, bare?: string, braced?: string) => {
    const name = bare ?? braced ?? '';
    if (isPassword(name) && !isPassword(option)) return reference;
    const value = defaultOf(doc, name, 0);
    return value === undefined ? reference : encodeText(value);
  });
}

/** `$$` comes first, so that it stays; group 1 or 2 is a name. */
const DOLLAR = /\$(?:\$|([_a-z][_a-z0-9]*)|\{([_a-z][_a-z0-9]*)\})/gi;

/** The text that reads as the value of an option of `[DEFAULT]`; `undefined` where Essex knows none. */
function defaultOf(doc: ConfDocument, name: string, depth: number): string | undefined {
  if (depth > DEEPEST || !ESSEX_DEFAULTS.has(name)) return undefined;
  const written = optionValue(doc, 'DEFAULT', name);
  if (written === undefined || written.includes('\n')) return written ?? ESSEX_DEFAULTS.get(name);
  return written.replace(
    DOLLAR,
    (reference, bare?: string, braced?: string) =>
      defaultOf(doc, bare ?? braced ?? '', depth + 1) ?? reference,
  );
}

function resolvePercents(
  doc: ConfDocument,
  section: string,
  text: string,
  depth: number,
): string | undefined {
  let isKnown = depth <= DEEPEST;
  const resolved = text.replace(/%(?:%|\(([^)]+)\)s)/g, (_, name?: string) => {
    if (name === undefined) return '%';
    const written = isKnown ? optionValue(doc, section, name.toLowerCase()) : undefined;
    const value = written && resolvePercents(doc, section, written, depth + 1);
    isKnown &&= value !== undefined;
    return value ?? '';
  });
  return isKnown ? resolved : undefined;
}

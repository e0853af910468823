/** Text that the software around Keystone of 2011 takes for a number. */

const INTEGER = /^\s*[+-]?\d+\s*$/;
const DECIMAL = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i;
const INT64 = 2n ** 63n;

/**
 * What an INTEGER column of SQLite keeps instead of a text (https://sqlite.org/datatype3.html, section 3);
 * `undefined` where it keeps the text.
 */
export function keptBySqlite(text: string): string | undefined {
  if (INTEGER.test(text)) {
    const integer = BigInt(text.trim().replace(/^\+/, ''));
    if (integer >= -INT64 && integer < INT64) return String(integer);
  }
  return DECIMAL.test(text) ? String(Number(text)) : undefined;
}

/** What Keystone makes of the text of any LDAP attribute when it reads it; `undefined` where it stays text. */
export function readByKeystone(text: string): 'a number' | 'a truth value' | undefined {
  if (INTEGER.test(text)) return 'a number';
  return text === 'TRUE' || text === 'FALSE' ? 'a truth value' : undefined;
}

import { equalDn } from '../../directory/dn.ts';

/**
 * What becomes of a search filter into which the Keystone of 2011 puts a user's DN as it is, without the escapes of
 * RFC 4515: libldap refuses it, or it means another DN and finds nothing. Measured with libldap 2.5.13.
 */
export type RawFilterEffect = 'refused' | 'finds nothing';

/** What a filter takes for an escape: hex pairs, and the single characters of RFC 1558. */
const FILTER_ESCAPE = /(?:\\[0-9a-fA-F]{2})+|\\[()*\\]/g;

/** The effect of a DN in `(member=<dn>)`; `undefined` where the filter means the DN. */
export function rawFilterEffect(dn: string): RawFilterEffect | undefined {
  const bare = dn.replace(FILTER_ESCAPE, '');
  if (/[\\()]/.test(bare)) return 'refused';
  if (bare.includes('*')) return 'finds nothing';
  return equalDn(dn.replace(FILTER_ESCAPE, unescape), dn) ? undefined : 'finds nothing';
}

/** A value in an RDN as the python-ldap of 2011 escapes it. */
export function pythonRdnValue(value: string): string {
  return value
    .replace(/[\\,+"<>;=]/g, (character) => `\\${character}`)
    .replace(/^[# ]/, (character) => `\\${character}`)
    .replace(/ $/, '\\ ');
}

function unescape(sequence: string): string {
  if (/^\\[()*\\]$/.test(sequence)) return sequence.slice(1);
  return Buffer.from(sequence.replaceAll('\\', ''), 'hex').toString('utf8');
}

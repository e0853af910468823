import { KeystoneLdapError } from '../errors.ts';
import type { ConfDocument } from '../keystone-conf/document/document.ts';
import type { Finding } from './finding.ts';
import { optionPlace } from './option-place.ts';

const PAGE_SIZE = '[ldap] page_size';
const UNAVAILABLE_CRITICAL_EXTENSION = 12;

/**
 * Why Keystone lists nothing in pages of this size, if that is what the error says: OpenLDAP names the control
 * (`size.prtotal=disabled`, or a `size.pr` that is smaller), other servers do not know it.
 */
export function pagesRefused(error: unknown, pageSize: number): string | undefined {
  if (pageSize === 0 || !(error instanceof KeystoneLdapError)) return undefined;
  const { resultCode, diagnostic = '' } = error;
  if (resultCode === undefined) return undefined;
  const isRefused = resultCode === UNAVAILABLE_CRITICAL_EXTENSION || /paged/i.test(diagnostic);
  const said = diagnostic === '' ? '' : ` (it says: ${diagnostic})`;
  return isRefused ? `${PAGE_SIZE} = ${pageSize} asks for pages that the server refuses${said}` : undefined;
}

/** The same as a finding; the file says where the option is. */
export function listRefused(subject: string, refused: string, doc: ConfDocument | undefined): Finding {
  const place = doc === undefined ? '' : `${optionPlace(doc, 'ldap', 'page_size')}: `;
  return {
    code: 'LIST_FAILS',
    severity: 'error',
    subject,
    message: `listing them ends in HTTP 500: ${place}${refused}`,
    remedy: REMEDY,
  };
}

const REMEDY =
  'Decide how lists are to be asked for: remove page_size, set one that the server accepts, or have its limits for the account changed (olcLimits with size.pr and size.prtotal).';

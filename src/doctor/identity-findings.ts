import { valuesOf, type Entry } from '../directory/entry.ts';
import type { Finding, FindingCode } from './finding.ts';
import type { KeystoneReader } from './keystone-reader.ts';
import { SEED_REMEDY } from './seed-remedy.ts';

export function notFound(code: FindingCode, subject: string): Finding {
  return { code, severity: 'error', subject, message: 'Keystone does not find it', remedy: SEED_REMEDY };
}

export interface Sought {
  readonly subject: string;
  readonly dn: string;
  /** The class by which Keystone looks for it. */
  readonly marker: string;
}

/** What Keystone does not find is not there, or there with classes that hide it. */
export async function missing(
  reader: KeystoneReader,
  code: FindingCode,
  { subject, dn, marker }: Sought,
): Promise<Finding> {
  const classes = await reader.classesAt(dn);
  if (classes === undefined) return notFound(code, subject);
  return {
    code: 'OTHER_KIND',
    severity: 'error',
    subject,
    message: `${dn} is an entry of another kind (${classes.join(', ')}), which Keystone does not take for a ${marker}`,
    remedy:
      'Rename or remove that entry, or give tenants and roles trees of their own (--tenant-tree-dn, --role-tree-dn).',
  };
}

export function* ambiguous(subject: string, found: readonly Entry[]): Generator<Finding> {
  if (found.length < 2) return;
  const dns = found.map(({ dn }) => dn);
  yield {
    code: 'NAME_AMBIGUOUS',
    severity: 'error',
    subject,
    message: `${found.length} entries have this name (${dns.join('; ')}); Keystone takes the first that it gets`,
    remedy: 'Delete or rename all but one.',
  };
}

/** What Keystone reads for `enabled`, against what it should read. */
export function* enabledDiffers(
  subject: string,
  dn: string,
  { is, should }: { readonly is: boolean | undefined; readonly should: boolean },
): Generator<Finding> {
  if (is === should) return;
  const state =
    is === undefined
      ? 'nothing says whether'
      : `Keystone takes it for ${is ? 'enabled' : 'disabled'}, though`;
  yield {
    code: 'ENABLED_DIFFERS',
    severity: 'error',
    subject,
    message: `${dn}: ${state} it should be ${should ? 'enabled' : 'disabled'}`,
    remedy: SEED_REMEDY,
  };
}

export function* attributeDiffers(
  subject: string,
  entry: Entry,
  attribute: string | undefined,
  value: string | undefined,
): Generator<Finding> {
  if (attribute === undefined || value === undefined) return;
  const values = valuesOf(entry, attribute);
  if (values.includes(value)) return;
  yield {
    code: 'ATTRIBUTE_DIFFERS',
    severity: 'warning',
    subject,
    message: `${attribute} of ${entry.dn} is ${values.join(', ') || 'missing'}, it should say ${value}`,
    remedy: SEED_REMEDY,
  };
}

export function unknownMember(subject: string, member: string, isFatal: boolean): Finding {
  return {
    code: 'MEMBER_UNKNOWN',
    severity: isFatal ? 'error' : 'warning',
    subject,
    message: `its member ${member} is no user that Keystone can read; ${
      isFatal ? 'listing the users of the tenant or role ends in HTTP 500' : 'Keystone passes over it'
    }`,
    remedy: 'Remove that member value.',
  };
}

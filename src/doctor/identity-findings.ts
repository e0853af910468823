import { foldCase } from '../directory/dn.ts';
import { valuesOf, type Entry } from '../directory/entry.ts';
import type { Finding, FindingCode } from './finding.ts';
import type { KeystoneReader, MemberFate } from './keystone-reader.ts';
import { SEED_REMEDY } from './seed-remedy.ts';

export function notFound(code: FindingCode, subject: string): Finding {
  return { code, severity: 'error', subject, message: 'Keystone does not find it', remedy: SEED_REMEDY };
}

export interface Sought {
  readonly subject: string;
  readonly dn: string;
  /** The class by which Keystone looks for it. */
  readonly marker: string;
  /** The filter that it must fit besides, and the attribute that must have its name. */
  readonly filter?: string | undefined;
  readonly nameAttribute?: string | undefined;
}

/** What Keystone does not find is not there, or there with classes that hide it. */
export async function missing(
  reader: KeystoneReader,
  code: FindingCode,
  { subject, dn, marker, filter, nameAttribute }: Sought,
): Promise<Finding> {
  const classes = await reader.classesAt(dn);
  if (classes === undefined) return notFound(code, subject);
  if (classes.some((one) => foldCase(one) === foldCase(marker))) {
    const hidden = [filter ?? [], nameAttribute === undefined ? [] : `its ${nameAttribute}`].flat();
    const message = `${dn} is there, but Keystone does not find it by ${hidden.join(' and ') || 'its name'}`;
    return { code, severity: 'error', subject, message, remedy: HIDDEN_REMEDY };
  }
  return {
    code: 'OTHER_KIND',
    severity: 'error',
    subject,
    message: `${dn} is an entry of another kind (${classes.join(', ')}), which Keystone does not take for a ${marker}`,
    remedy:
      'Decide what is to be there: rename or remove that entry, or give tenants and roles trees of their own (--tenant-tree-dn, --role-tree-dn).',
  };
}

const HIDDEN_REMEDY =
  'Decide which of the two is right: make the entry fit the filter and give it its name, or change --map (keystone.conf).';

export function* ambiguous(subject: string, found: readonly Entry[]): Generator<Finding> {
  if (found.length < 2) return;
  const dns = found.map(({ dn }) => dn);
  yield {
    code: 'NAME_AMBIGUOUS',
    severity: 'error',
    subject,
    message: `${found.length} entries have this name (${dns.join('; ')}); Keystone takes the first that it gets`,
    remedy: 'Decide which one is meant, and delete or rename the others.',
  };
}

export interface EnabledCheck {
  readonly is: boolean | undefined;
  readonly should: boolean;
  readonly remedy?: string | undefined;
}

/** What Keystone reads for `enabled`, against what it should read. */
export function* enabledDiffers(
  subject: string,
  dn: string,
  { is, should, remedy = SEED_REMEDY }: EnabledCheck,
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
    remedy,
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

/** The id of the domain, where the entry has one. */
export function* domainDiffers(
  subject: string,
  entry: Entry,
  attribute: string | undefined,
  id: string,
): Generator<Finding> {
  if (attribute === undefined) return;
  const values = valuesOf(entry, attribute);
  if (values[0] === id) return;
  yield {
    code: 'DOMAIN_DIFFERS',
    severity: 'error',
    subject,
    message: `${attribute} of ${entry.dn} is ${values.join(', ') || 'missing'}: Keystone does not take it for one of domain ${id}`,
    remedy: SEED_REMEDY,
  };
}

/** A member that is declared, and is one in the directory only. */
export function passedOver(subject: string, member: string): Finding {
  return {
    code: 'MEMBERSHIP_MISSING',
    severity: 'error',
    subject: `${member} in ${subject}`,
    message: 'the value is there, but Keystone finds no user by it and passes over it',
    remedy:
      'Decide where the user belongs, and correct user_tree_dn, user_filter, user_objectclass or user_id_attribute so that Keystone finds the user by this value.',
  };
}

export function unknownMember(subject: string, member: string, fate: MemberFate): Finding {
  const isSkipped = fate === 'skipped';
  return {
    code: 'MEMBER_UNKNOWN',
    severity: isSkipped ? 'warning' : 'error',
    subject,
    message: `its member ${member} is no user that Keystone can read; ${
      isSkipped ? 'Keystone passes over it' : `listing the users of ${subject} ends in ${fate}`
    }`,
    remedy:
      'Decide whether the entry is gone, and then remove the value. A person whom a filter hides stays in the group; doctor tells which it is.',
  };
}

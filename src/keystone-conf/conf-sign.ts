import { detectLegacyRelease, type LegacyRelease } from './detect-legacy-release.ts';
import type { ConfDocument } from './document.ts';

/** What a keystone.conf says of the release reliably: of Essex and later only that it is one of them. */
export type ConfSign =
  | { readonly kind: 'legacy'; readonly candidates: readonly LegacyRelease[] }
  | { readonly kind: 'modern' }
  | { readonly kind: 'untold' };

export function confSign(doc: ConfDocument): ConfSign {
  if (isOfLaterRelease(doc)) return { kind: 'modern' };
  const guess = doc.problems.length > 0 ? undefined : detectLegacyRelease(doc);
  return guess === undefined ? { kind: 'untold' } : { kind: 'legacy', candidates: guess.candidates };
}

/** Whether the file is of Essex or later. */
export function isOfLaterRelease(doc: ConfDocument): boolean {
  return doc.sections.some(({ name }) => LATER_SECTIONS.has(name) || name.startsWith('oslo_'));
}

/** Sections that no file of 2011 has, also where everything in them is commented out. */
const LATER_SECTIONS = new Set([
  ...['identity', 'ldap', 'token', 'sql', 'database', 'assignment', 'resource', 'role', 'cache', 'auth'],
  ...['fernet_tokens', 'credential', 'federation', 'identity_mapping', 'security_compliance'],
]);

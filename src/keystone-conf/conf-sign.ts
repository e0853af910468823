import { detectLegacyRelease, type LegacyRelease } from './legacy/detect-legacy-release.ts';
import type { ConfDocument } from './document/document.ts';
import { optionValue } from './document/option-value.ts';

/** What a keystone.conf says of the release reliably: of Essex and later only that it is one of them. */
export type ConfSign =
  | { readonly kind: 'legacy'; readonly candidates: readonly LegacyRelease[] }
  | { readonly kind: 'modern' }
  | { readonly kind: 'untold' };

export function confSign(doc: ConfDocument): ConfSign {
  if (isOfLaterRelease(doc)) return { kind: 'modern' };
  const guess = doc.problems.length > 0 ? undefined : detectLegacyRelease(doc);
  if (guess !== undefined) return { kind: 'legacy', candidates: guess.candidates };
  return hasLegacyBackends(doc) ? { kind: 'legacy', candidates: ALL_OF_2011 } : { kind: 'untold' };
}

const ALL_OF_2011: readonly LegacyRelease[] = [
  '2011.3',
  'essex-1',
  'essex-2',
  '2012-01-20',
  'essex-3',
  'blog',
];

/** Modules that only the Keystone of 2011 had. */
function hasLegacyBackends(doc: ConfDocument): boolean {
  if (doc.sections.some(({ name }) => name.startsWith('keystone.backends.'))) return true;
  return (
    doc.problems.length === 0 &&
    optionValue(doc, 'DEFAULT', 'backends')?.includes('keystone.backends.') === true
  );
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

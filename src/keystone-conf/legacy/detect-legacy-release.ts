import type { ConfDocument } from '../document/document.ts';
import { DEFAULT_SECTION, optionValue } from '../document/option-value.ts';

export type LegacyRelease = 'blog' | '2011.3' | 'essex-1' | 'essex-2' | '2012-01-20' | 'essex-3';

export interface LegacyReleaseGuess {
  /** Most likely first. */
  readonly candidates: readonly LegacyRelease[];
  readonly evidence: readonly ReleaseEvidence[];
}

/** An option of `[DEFAULT]` that tells the release; `value` is `undefined` where its absence does. */
export interface ReleaseEvidence {
  readonly option: string;
  readonly value: string | undefined;
}

/**
 * The releases whose code reads the options that this file has; `undefined` where the file does not tell.
 * From 2011.3 to January 2012 the file hardly changes.
 * @throws `CONF_INVALID`
 */
export function detectLegacyRelease(doc: ConfDocument): LegacyReleaseGuess | undefined {
  const evidenceOf = (option: string): ReleaseEvidence => ({
    option,
    value: optionValue(doc, DEFAULT_SECTION, option),
  });
  const present = (options: readonly string[]) =>
    options.map(evidenceOf).filter(({ value }) => value !== undefined);
  const underscores = present(UNDERSCORE_OPTIONS);
  if (underscores.length > 0) return { candidates: ['essex-3'], evidence: underscores };
  const january = present(['global_service_id']);
  if (january.length > 0) return { candidates: ['2012-01-20'], evidence: january };
  const hash = evidenceOf('hash-password');
  const port = evidenceOf('admin_port');
  if (hash.value !== undefined) return { candidates: HYPHENS, evidence: [hash, ...present(['admin_port'])] };
  return port.value === '5001' ? { candidates: ['blog'], evidence: [port, hash] } : undefined;
}

/** Those that read options with hyphens, and hash passwords. */
const HYPHENS = ['2011.3', 'essex-1', 'essex-2', '2012-01-20'] as const;

/** essex-3 spells these with underscores; before, they had hyphens. */
const UNDERSCORE_OPTIONS = [
  'hash_password',
  'keystone_admin_role',
  'keystone_service_admin_role',
  'service_header_mappings',
];

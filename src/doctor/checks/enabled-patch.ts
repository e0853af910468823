import { isSince, type ReleaseName } from '../../releases/catalogue.ts';
import { ENABLED_AS_BOOLEAN, hasChange } from '../../releases/code-change.ts';
import { readEnabled } from '../../identities/entries/enabled-value.ts';
import { enabledAttributeForm } from '../../releases/layout-of.ts';
import type { EnabledAttribute } from '../../releases/release.ts';
import type { Backend } from '../backend.ts';
import type { Finding } from '../finding.ts';
import { Tally } from '../tally.ts';
import type { EntryCheck } from './check.ts';

/** Where a fix decides who is enabled that many versions of one release have, and many have not (OSSA-2026-007). */
export const enabledPatch = function* (
  backend: Pick<Backend, 'file' | 'release' | 'releaseName' | 'options'>,
): Generator<Finding> {
  const { file, options } = backend;
  const because = mayLackFix(backend) ? whatDiffers(options) : undefined;
  if (because === undefined) return;
  const [option, message] = because;
  yield {
    code: 'ENABLED_PATCH',
    severity: 'info',
    subject: `${file}: [ldap] ${option} = ${String(options[option])}`,
    message,
    remedy: remedy(backend.release.version),
  };
};

/** The same, where it is the values that differ: without the fix those of whole directories are text. */
export function enabledPatchOfValues({
  backend,
}: {
  readonly backend: Pick<Backend, 'file' | 'release' | 'releaseName'>;
}): EntryCheck {
  const form = enabledAttributeForm(backend.release.layout.user.enabled);
  const concerned = new Tally();
  return {
    see(entry) {
      if (form === undefined || !isTextWithoutFix(form, backend.releaseName)) return;
      const value = readEnabled(form, entry);
      if (value !== undefined && typeof value !== 'bigint') concerned.add(entry.dn);
    },
    *findings(): Generator<Finding> {
      const { release, releaseName } = backend;
      if (concerned.count === 0 || form === undefined || releaseName === undefined) return;
      if (!mayLackFix(backend)) return;
      const isKept = isSince(releaseName, 'queens');
      const isMissing =
        hasChange(ENABLED_AS_BOOLEAN, { release: releaseName, version: release.version }) === false;
      yield {
        code: 'ENABLED_PATCH',
        severity: isMissing ? (isKept ? 'error' : 'warning') : 'info',
        subject: `${backend.file}: [ldap] user_enabled_attribute = ${form.attribute}`,
        count: concerned.count,
        message: `without the fix of OSSA-2026-007 it is text to Keystone, and not a boolean: ${isKept ? 'the first login of a user with it ends in HTTP 500, and one that is disabled after the first login is let in' : 'a user with it is let in, whatever it says'}; this concerns ${concerned.text}`,
        remedy: remedy(release.version),
      };
    },
  };
}

/** Kilo (2015.1) left booleans to an attribute of the name `enabled`, and Python 3, which Ussuri requires, to none. */
function isTextWithoutFix(
  { attribute, mask, enabled }: EnabledAttribute,
  release: ReleaseName | undefined,
): boolean {
  if (release === undefined || mask !== undefined || enabled !== 'TRUE') return false;
  return isSince(release, attribute.toLowerCase() === 'enabled' ? 'ussuri' : '2015.1');
}

/** What is the same for all of 2014.2 and before is no matter of the fix. */
function mayLackFix({
  release: { version },
  releaseName: release,
}: Pick<Backend, 'release' | 'releaseName'>): boolean {
  if (release === undefined || !isSince(release, '2014.2')) return false;
  return hasChange(ENABLED_AS_BOOLEAN, { release, version }) !== true;
}

function remedy(version: string | undefined): string {
  return `Find out whether this Keystone has the fix for CVE-2026-40683: 26.1.1, 27.0.1, 28.0.1 and 29.0.0 have it, and packages of older ones as a patch, as "apt changelog python3-keystone" or "rpm -q --changelog python3-keystone" tells. If it has, name its version (${example(version)}); else update Keystone.`;
}

function example(version: string | undefined): string {
  return version === undefined ? '--release 22.0.2-0+deb12u6, for instance' : `not ${version}`;
}

/** The option, and what becomes of it with the fix and without. */
function whatDiffers(options: Backend['options']): readonly [option: string, message: string] | undefined {
  const ignored = options['user_attribute_ignore'];
  const isIgnored = Array.isArray(ignored) && ignored.includes('enabled');
  const isMasked = Number(options['user_enabled_mask'] ?? 0) !== 0;
  if (isMasked || options['user_enabled_emulation'] === true) return undefined;
  const isInverted = options['user_enabled_invert'] === true;
  if (isInverted && isIgnored)
    return [
      'user_enabled_invert',
      'user_attribute_ignore has enabled, and without the fix of OSSA-2026-007 the default is inverted all the same, which may disable everybody; with it everybody is enabled',
    ];
  const value = options['user_enabled_default'];
  if (isInverted || isIgnored || typeof value !== 'string' || value.toLowerCase() === 'true')
    return undefined;
  return [
    'user_enabled_default',
    'without the fix of OSSA-2026-007 it does not count: users without the attribute are enabled; with it they are disabled',
  ];
}

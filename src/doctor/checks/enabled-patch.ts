import { isSince } from '../../releases/catalogue.ts';
import { ENABLED_AS_BOOLEAN, hasChange } from '../../releases/code-change.ts';
import type { Backend } from '../backend.ts';
import type { Finding } from '../finding.ts';

/** Where a fix decides who is enabled that many versions of one release have, and many have not (OSSA-2026-007). */
export const enabledPatch = function* ({
  file,
  release: { version },
  releaseName: release,
  options,
}: Pick<Backend, 'file' | 'release' | 'releaseName' | 'options'>): Generator<Finding> {
  // The fault came with 2014.2.2 and 2015.1; what 2014.2 is cannot be told.
  if (release === undefined || !isSince(release, '2014.2')) return;
  if (hasChange(ENABLED_AS_BOOLEAN, { release, version }) === true) return;
  const because = whatDiffers(options);
  if (because === undefined) return;
  const [option, message] = because;
  yield {
    code: 'ENABLED_PATCH',
    severity: 'info',
    subject: `${file}: [ldap] ${option} = ${String(options[option])}`,
    message,
    remedy: `Find out whether this Keystone has the fix for CVE-2026-40683: 26.1.1, 27.0.1, 28.0.1 and 29.0.0 have it, and packages of older ones as a patch, as "apt changelog python3-keystone" or "rpm -q --changelog python3-keystone" tells. If it has, name its version (${example(version)}); else update Keystone.`,
  };
};

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
  return isInverted || isIgnored ? undefined : whatIsNoBoolean(options);
}

function whatIsNoBoolean(
  options: Backend['options'],
): readonly [option: string, message: string] | undefined {
  const attribute = options['user_enabled_attribute'];
  if (typeof attribute === 'string' && !/^(?:enabled)?$/i.test(attribute))
    return [
      'user_enabled_attribute',
      'without the fix of OSSA-2026-007 it is not read as a boolean: the first login of each user with it ends in HTTP 500, and a user that is disabled after the first login is let in',
    ];
  const value = options['user_enabled_default'];
  if (typeof value === 'string' && value.toLowerCase() !== 'true')
    return [
      'user_enabled_default',
      'without the fix of OSSA-2026-007 it does not count: users without the attribute are enabled; with it they are disabled',
    ];
  return undefined;
}

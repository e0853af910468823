import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keptUserFault, notifiedUserFault, requireMappable } from '../../../src/doctor/database-limits.ts';
import { LOCAL_IDS } from '../../../src/keystone-conf/modern/shown-ids.ts';
import { findInCatalogue } from '../../../src/releases/catalogue.ts';
import { modernRelease } from '../../../src/releases/modern.ts';
import type { LdapSettings } from '../../../src/releases/layout-options.ts';
import type { Release } from '../../../src/releases/release.ts';

const MAPPED = { kind: 'public', domainId: 'c0ffee' } as const;

function releaseOf(name: string, options: LdapSettings = {}): Release {
  const entry = findInCatalogue(name);
  if (entry === undefined) throw new Error(name);
  return modernRelease(entry, { options });
}

function userWith(attributes: Readonly<Record<string, readonly string[]>>, id = 'alice', name = 'alice') {
  return { entry: { dn: 'cn=alice', attributes }, id, name };
}

describe('a user whom Keystone cannot keep', () => {
  test.each([
    // The number, or the text, for each release: numbers since Queens, text where the fix is known to be missing.
    ['pike', 'enabled', '7', false],
    ['queens', 'enabled', '7', true],
    ['2026.1', 'enabled', '7', true],
    ['zed', 'enabled', '1', false],
    ['train', 'enabled', 'TRUE', false],
    ['ussuri', 'enabled', 'TRUE', true],
    ['yoga', 'isActive', 'TRUE', true],
    ['pike', 'isActive', 'TRUE', false],
    ['22.0.2-0+deb12u1', 'enabled', 'TRUE', true],
    ['22.0.2-0+deb12u6', 'enabled', 'TRUE', false],
    ['zed', 'isActive', 'TRUE', false],
    ['2026.1', 'isActive', 'TRUE', false],
  ] as const)('of %s has for %s the value %s: %s', (name, attribute, value, isFault) => {
    const release = releaseOf(name, { user_enabled_attribute: attribute });
    const fault = keptUserFault(userWith({ [attribute]: [value] }), { release });
    expect(fault !== undefined).toBe(isFault);
  });

  test('has any name of more than 255 characters, from Newton on', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 600 }),
        fc.constantFrom('mitaka', 'newton', 'zed', '2026.2'),
        (length, name) => {
          // Two code units make one character.
          const user = userWith({}, 'alice', '\u{1F600}'.repeat(length));
          const isFault = keptUserFault(user, { release: releaseOf(name) }) !== undefined;
          expect(isFault).toBe(length > 255 && name !== 'mitaka');
        },
      ),
    );
  });

  test('has any id for which the column is too short, before the password counts', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 300 }),
        fc.constantFrom('wallaby', 'xena'),
        fc.boolean(),
        (length, name, isMapped) => {
          const user = userWith({}, 'i'.repeat(length));
          const ids = isMapped ? MAPPED : LOCAL_IDS;
          const longest = isMapped && name === 'xena' ? 255 : 64;
          const release = releaseOf(name);
          expect(notifiedUserFault(user, { release, ids }) !== undefined).toBe(length > longest);
          const map = (): void => requireMappable(user, ids, findInCatalogue(name)?.name);
          if (isMapped && length > longest) expect(map).toThrow('HTTP 400');
          else expect(map).not.toThrow();
        },
      ),
    );
  });

  test('is anybody whose name is ignored', () => {
    const release = releaseOf('zed', { user_attribute_ignore: ['name'] });
    expect(keptUserFault(userWith({}), { release })?.why).toContain('user_attribute_ignore');
    expect(notifiedUserFault(userWith({}), { release, ids: LOCAL_IDS })?.why).toContain(
      'user_attribute_ignore',
    );
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DesiredEntry } from '../../../src/identities/entries/desired-entry.ts';
import { diffEntry, type PasswordPolicy } from '../../../src/plan/identities/diff-entry.ts';

const POLICY: PasswordPolicy = { stored: () => [], reset: false, holds: () => true };
const DN = 'cn=a,ou=Users,dc=x';

const desired = (value: string, mask: number): DesiredEntry => ({
  ...{ dn: DN, label: 'user a', marker: 'user', objectClasses: ['user'], among: {}, readFirst: new Set() },
  ...{ exact: { userAccountControl: value }, bits: { attribute: 'userAccountControl', mask } },
});

/** The number that the entry has after the plan, or before it if nothing changes. */
function after(present: number, wanted: number, mask: number): number {
  const observed = { dn: DN, attributes: { objectClass: ['user'], userAccountControl: [String(present)] } };
  const difference = diffEntry(desired(String(wanted), mask), observed, POLICY);
  if ('problem' in difference) throw new Error(difference.problem.message);
  const [change] = difference.changes;
  if (change?.kind !== 'modify-entry') return present;
  expect(change.edits[0]?.remove).toEqual([String(present)]);
  return Number(change.edits[0]?.add[0]);
}

test('A number whose mask says who is disabled keeps all other bits, and changes only if the state does', () => {
  const word = fc.nat(0xffffffff);
  fc.assert(
    fc.property(word, word, fc.integer({ min: 1, max: 0xffff }), (present, wanted, mask) => {
      const isDisabled = (value: number): boolean => (value & mask) === mask;
      const result = after(present, wanted, mask);
      expect(isDisabled(result)).toBe(isDisabled(wanted));
      expect((result & ~mask) >>> 0).toBe((present & ~mask) >>> 0);
      if (isDisabled(present) === isDisabled(wanted)) expect(result).toBe(present);
    }),
    { seed: 20261127, numRuns: 2000 },
  );
  expect(after(66048, 514, 2)).toBe(66050);
  expect(after(66050, 512, 2)).toBe(66048);
  // Beyond 32 bits, and the bit that is a sign there.
  expect(after(2 ** 40 + 1, 2 ** 40, 1)).toBe(2 ** 40);
  expect(after(2 ** 31, 0, 2 ** 31)).toBe(0);
});

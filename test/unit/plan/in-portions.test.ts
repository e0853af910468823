import { expect, test } from 'vitest';
import { addInPortions, modifyInPortions } from '../../../src/plan/in-portions.ts';

const members = Array.from(
  { length: 100_000 },
  (_, at) => `uid=user${at},ou=Users,dc=ldap,dc=example,dc=com`,
);
/** With tag and length. */
const bytes = (values: readonly unknown[]) =>
  Buffer.byteLength(values.map((value) => `${String(value)}  `).join(''));

test('a group of 100,000 goes out in messages that slapd takes, in order', () => {
  const { entry, rest } = addInPortions({ dn: 'cn=all', attributes: { cn: ['all'], member: members } });
  const first = entry.attributes['member'] ?? [];
  const later = [...modifyInPortions(rest)].map((edits) => edits[0]?.values ?? []);
  expect([first, ...later].flat()).toEqual(members);
  expect(bytes(first)).toBeLessThan(4 * 1024 * 1024);
  // As much as can be, since slapd is slow at adding to many.
  expect(bytes(first)).toBeGreaterThan(4_000_000);
  expect(later.length).toBeGreaterThan(1);
  for (const values of later) expect(values.length).toBeLessThanOrEqual(2000);
});

test('small edits stay one modification', () => {
  const edits = [
    { operation: 'delete', attribute: 'mail', values: ['a'] },
    { operation: 'delete', attribute: 'description', values: [] },
    { operation: 'add', attribute: 'mail', values: ['b'] },
  ] as const;
  expect([...modifyInPortions(edits)]).toEqual([edits]);
});

test('many values of several attributes share no modification beyond its measure', () => {
  const values = members.slice(0, 1500);
  const edits = [
    { operation: 'delete', attribute: 'member', values },
    { operation: 'add', attribute: 'seeAlso', values },
  ] as const;
  const portions = [...modifyInPortions(edits)].map((portion) =>
    portion.map(({ attribute, values: own }) => [attribute, own.length]),
  );
  expect(portions).toEqual([
    [
      ['member', 1500],
      ['seeAlso', 500],
    ],
    [['seeAlso', 1000]],
  ]);
});

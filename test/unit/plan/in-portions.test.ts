import { expect, test } from 'vitest';
import { addInPortions, addToMany, modifyInPortions } from '../../../src/plan/apply/in-portions.ts';

const members = Array.from({ length: 100_000 }, (_, at) => `uid=user${at},ou=Users,dc=example,dc=com`);
const bytes = (values: readonly unknown[]) => Buffer.byteLength(values.join('..'));

test('a group of 100,000 goes out in messages that slapd takes, in order', () => {
  const { entry, rest } = addInPortions({ dn: 'cn=all', attributes: { cn: ['all'], member: members } });
  const sent = [entry.attributes['member'] ?? [], ...rest.map(([edit]) => edit?.values ?? [])];
  expect(sent.length).toBeGreaterThan(1);
  expect(sent.flat()).toEqual(members);
  const [first = 0, ...more] = sent.map(bytes);
  expect(first).toBeGreaterThan(4_000_000);
  expect(first).toBeLessThan(4_194_303);
  expect(Math.max(...more)).toBeLessThanOrEqual(100_000);
});

test('small edits stay one modification', () => {
  const edits = [
    { operation: 'delete', attribute: 'mail', values: ['a'] },
    { operation: 'delete', attribute: 'description', values: [] },
    { operation: 'add', attribute: 'mail', values: ['b'] },
  ] as const;
  expect([...modifyInPortions(edits)]).toEqual([edits]);
});

test('what goes to an entry with very many values goes a little at a time', () => {
  const edits = [{ operation: 'add', attribute: 'member', values: members.slice(0, 5000) }] as const;
  expect([...modifyInPortions(edits)]).toHaveLength(1);
  const portions = [...addToMany(edits)].map(([edit]) => edit?.values ?? []);
  expect(portions.flat()).toEqual(edits[0].values);
  expect(Math.max(...portions.map(bytes))).toBeLessThanOrEqual(100_000);
});

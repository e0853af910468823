import { expect, test } from 'vitest';
import { independentRuns } from '../../../src/directory/independent-runs.ts';

const runsOf = (...dns: readonly string[]): string[][] =>
  independentRuns(dns.map((subject) => ({ subject }))).map((run) => run.map(({ subject }) => subject));

test('keeps what is side by side in one run', () => {
  expect(runsOf('ou=a,dc=x', 'ou=b,dc=x', 'ou=c,dc=y')).toEqual([['ou=a,dc=x', 'ou=b,dc=x', 'ou=c,dc=y']]);
});

test.each([
  ['a child after its parent', 'dc=x', 'ou=a,dc=x'],
  ['a grandchild, spelt differently', 'dc=x', 'cn=b, ou=a, DC=X'],
  ['a parent after its child, as in a deletion', 'cn=b,ou=a,dc=x', 'dc=x'],
  ['the same entry again', 'ou=a,dc=x', 'OU=A,dc=x'],
])('begins a new one for %s', (_, first, second) => {
  expect(runsOf(first, second)).toEqual([[first], [second]]);
});

test('forgets the runs before', () => {
  expect(runsOf('dc=x', 'ou=a,dc=x', 'ou=b,dc=x', 'cn=c,ou=a,dc=x')).toEqual([
    ['dc=x'],
    ['ou=a,dc=x', 'ou=b,dc=x'],
    ['cn=c,ou=a,dc=x'],
  ]);
  expect(runsOf()).toEqual([]);
});

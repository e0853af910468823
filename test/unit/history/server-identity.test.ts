import { expect, test } from 'vitest';
import type { RunSummary } from '../../../src/history/journal.ts';
import { isServerOf } from '../../../src/history/server-identity.ts';

const RUN: RunSummary = {
  ...{ journal: 1, id: 'r1', at: '2026-01-01T00:00:00.000Z', command: 'seed' },
  ...{ server: 'ldap://old', changes: 1, state: 'complete' },
};

test.each([
  ['ldap://old', true],
  ['ldap://new', false],
])('a journal that knows the address only is about %s: %s', (uri, expected) => {
  const seen = { uri, contexts: { 'dc=x': 'a-uuid' } };
  expect(isServerOf(RUN, [RUN], seen, ['cn=a,dc=x'])).toBe(expected);
});

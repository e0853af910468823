import { expect, test } from 'vitest';
import { renderPlan } from '../../../src/cli/render/render-plan.ts';
import { Secret } from '../../../src/secret.ts';

test('an entry that goes is shown with what it held, but for its password', () => {
  const attributes = { objectClass: ['person'], cn: ['a'], sn: ['a'], userPassword: [new Secret('{SSHA}x')] };
  const change = { kind: 'delete-entry', dn: 'cn=a,dc=x', label: 'user a', attributes } as const;
  expect(renderPlan([change], false)).toBe(
    '- cn=a,dc=x  (user a)\n    objectClass: person\n    cn: a\n    sn: a\n    userPassword: ***\n',
  );
});

function linesOf(members: number): string[] {
  const member = Array.from({ length: members }, (_, at) => `cn=u${at},dc=example`);
  const entry = {
    kind: 'add-entry',
    dn: 'cn=g,dc=example',
    label: 'group g',
    attributes: { member },
  } as const;
  return renderPlan([entry], false).trimEnd().split('\n');
}

test('a hundred members are shown', () => {
  expect(linesOf(100)).toHaveLength(101);
});

test('of more, which nobody reads, the first and how many they are', () => {
  expect(linesOf(90_000).slice(1)).toEqual([
    ...[0, 1, 2, 3, 4].map((at) => `    member: cn=u${at},dc=example`),
    '    member: … and 89995 more',
  ]);
});

import { expect, test } from 'vitest';
import { renderPlan } from '../../../src/cli/render-plan.ts';
import { Secret } from '../../../src/secret.ts';

test('an entry that goes is shown with what it held, but for its password', () => {
  const attributes = { objectClass: ['person'], cn: ['a'], sn: ['a'], userPassword: [new Secret('{SSHA}x')] };
  const change = { kind: 'delete-entry', dn: 'cn=a,dc=x', label: 'user a', attributes } as const;
  expect(renderPlan([change], false)).toBe(
    '- cn=a,dc=x  (user a)\n    objectClass: person\n    cn: a\n    sn: a\n    userPassword: ***\n',
  );
});

import { describe, expect, test } from 'vitest';
import { serviceAccountEntry } from '../../../src/plan/access/service-account-entry.ts';

const CORE = ['organizationalrole', 'simplesecurityobject', 'uidobject'];

describe('serviceAccountEntry', () => {
  test.each([
    [
      'cn=keystone,dc=x',
      CORE,
      { objectClass: ['organizationalRole', 'simpleSecurityObject'], cn: ['keystone'] },
    ],
    [
      'UID=a\\, b,dc=x',
      [...CORE, 'account'],
      { objectClass: ['account', 'simpleSecurityObject'], UID: ['a, b'] },
    ],
    [
      'uid=keystone,dc=x',
      CORE,
      {
        objectClass: ['organizationalRole', 'uidObject', 'simpleSecurityObject'],
        uid: ['keystone'],
        cn: ['keystone'],
      },
    ],
  ])('makes %s of classes that the server knows', (dn, known, attributes) => {
    expect(serviceAccountEntry(dn, new Set(known))).toEqual(attributes);
  });

  test.each([['ou=keystone,dc=x'], ['cn=keystone+uid=keystone,dc=x'], ['constructor=keystone,dc=x']])(
    'makes no %s',
    (dn) => {
      expect(() => serviceAccountEntry(dn, new Set(CORE))).toThrow(
        expect.objectContaining({
          code: 'INPUT_INVALID',
          message: expect.stringContaining(dn) as unknown,
        }) as Error,
      );
    },
  );

  test('needs the classes of core.schema', () => {
    expect(() => serviceAccountEntry('cn=keystone,dc=x', new Set(['uidobject']))).toThrow('cannot tell');
  });
});

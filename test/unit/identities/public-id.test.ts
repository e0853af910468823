import { describe, expect, test } from 'vitest';
import { publicId } from '../../../src/identities/entries/public-id.ts';

describe('publicId', () => {
  test.each([
    ['default', 'user', 'demo', '77662175c52f46c5316f0607ff99ce09ccd56d9ef74210a8c31194531db20b98'],
    ['default', 'user', 'joeuser', '3a85b1fd8c7f4785134f03cf8166709615bbcee7aa2f8b405c8f4ddcef5d90e7'],
    ['default', 'group', 'guardians', '68dab1dddae18fe1a0c46fd458db5c5e3eedfdfbfba71349b266e1b17c2e27bc'],
  ] as const)('of the %s domain, for the %s %s', (domainId, type, localId, expected) => {
    expect(publicId(domainId, type, localId)).toBe(expected);
  });

  test('hashes what is not ASCII as UTF-8', () => {
    // printf 'defaultuserjos\303\251' | sha256sum
    expect(publicId('default', 'user', 'josé')).toBe(
      '9699f6b44988222094de5b335224145761b653b8c40fb564552363c3fcb0bc78',
    );
  });

  test('keeps a user and a group of one name, and spellings that LDAP takes for equal, apart', () => {
    const ids = [
      publicId('default', 'user', 'ops'),
      publicId('default', 'group', 'ops'),
      publicId('default', 'user', 'OPS'),
      publicId('other', 'user', 'ops'),
    ];
    expect(new Set(ids).size).toBe(4);
  });
});

import { describe, expect, test } from 'vitest';
import type { KeystoneServer } from '../../../src/doctor/backend.ts';
import { goesOn } from '../../../src/doctor/fail-over.ts';
import { LimitedList } from '../../../src/doctor/limited-list.ts';
import { ProcessTls } from '../../../src/doctor/process-tls.ts';
import { KeystoneLdapError } from '../../../src/errors.ts';

const serverWith = (options: Partial<KeystoneServer>): KeystoneServer => ({
  ...{ urls: ['ldaps://a'], credentials: { kind: 'anonymous' }, startTls: false, setsTls: true },
  ...{ usesPool: true, checkCertificate: true, pageSize: 0 },
  ...options,
});

describe('The TLS of a process', () => {
  test('is that of the first handshake, but for the check of names', () => {
    const tls = new ProcessTls();
    tls.set(serverWith({ caFile: 'a.pem', checkCertificate: false }));
    expect(tls.trust).toEqual({
      ...{ caFile: 'a.pem', caDir: undefined },
      ...{ checkCertificate: false, checkName: false },
    });
    tls.keep();
    tls.set(serverWith({ caFile: 'b.pem' }));
    expect(tls.trust).toMatchObject({ caFile: 'a.pem', checkCertificate: false, checkName: true });
  });

  test('is untouched by a list that does not begin with ldaps', () => {
    const tls = new ProcessTls();
    tls.set(serverWith({ urls: ['ldap://a', 'ldaps://b'], setsTls: false, caFile: 'a.pem' }));
    expect(tls.trust.caFile).toBeUndefined();
  });
});

describe('Whether Keystone goes on to the next address', () => {
  const down = new KeystoneLdapError('CONNECT_FAILED', 'Cannot bind to ldap://a: refused.');
  const untrusted = new KeystoneLdapError('TLS_FAILED', 'Cannot start TLS on ldap://a: untrusted.');
  test.each([
    ['a server that is down', down, {}, true],
    ['with StartTLS and a pool', down, { startTls: 'require', usesPool: true }, false],
    ['with StartTLS and no pool', down, { startTls: 'require', usesPool: false }, true],
    ['after StartTLS that fails', untrusted, { startTls: 'require', usesPool: false }, false],
  ] as const)('%s', (_, error, options, expected) => {
    expect(goesOn(error, { usesPool: true, ...options }, options)).toBe(expected);
  });
});

describe('A list with a limit', () => {
  const kept = (limited: LimitedList, named: readonly boolean[]): number => {
    let count = 0;
    for (const isShown of named) {
      if (limited.isOver(isShown)) break;
      if (isShown) count += 1;
      if (limited.isAnswered) break;
    }
    return count;
  };

  test('is truncated at the limit', () => {
    const limited = new LimitedList({ entries: 2, setBy: '', cuts: 'answer' });
    expect([kept(limited, [true, true, true]), limited.isTruncated]).toEqual([2, true]);
  });

  test('is short without a word where an entry without a name was among those asked for', () => {
    const limited = new LimitedList({ entries: 2, setBy: '', cuts: 'answer' });
    expect([kept(limited, [true, false, true, true]), limited.isTruncated]).toEqual([2, false]);
  });

  test('is cut as a whole before Mitaka', () => {
    const limited = new LimitedList({ entries: 2, setBy: '', cuts: 'list' });
    expect([kept(limited, [true, false, true, true]), limited.isTruncated]).toEqual([2, true]);
  });
});

import { expect, test } from 'vitest';
import { slapdFailed } from '../../../src/sandbox/slapd-failed.ts';

const SLAPD = { slapd: '/usr/sbin/slapd', origin: 'path', schemaDir: '/etc/ldap/schema', env: {} } as const;

test.each([
  ['could not open config file: Permission denied (13)', /AppArmor.*sandbox fetch/],
  ['error while loading shared libraries: libodbc.so.2: cannot open', /library.*sandbox fetch/],
  ['daemon: bind(7) failed errno=98 (Address already in use)', /port is taken/],
])('%s', (said, hint) => {
  const error = slapdFailed(SLAPD, said);
  expect(error.code).toBe('SLAPD_FAILED');
  expect(error.message).toContain(`/usr/sbin/slapd (path) did not start: ${said}`);
  expect(error.hint).toMatch(hint);
});

test('has no hint where the words tell no remedy', () => {
  expect(slapdFailed(SLAPD, 'it was killed').hint).toBeUndefined();
});

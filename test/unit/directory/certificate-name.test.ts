import { expect, test } from 'vitest';
import { isNamedForLibldap } from '../../../src/directory/certificate-name.ts';

const MACHINE = 'vm';

/** Measured with ldapsearch 2.5.13 (Debian 12, GnuTLS) on a machine whose name is vm. */
test.each<[host: string, cn: string | string[] | undefined, names: string | undefined, isNamed: boolean]>([
  ['127.0.0.1', '127.0.0.1', undefined, true],
  ['127.0.0.1', 'x', 'DNS:127.0.0.1', false],
  ['127.0.0.1', 'x', 'IP Address:127.0.0.1', true],
  ['127.0.0.1', 'x', 'IP Address:127.0.0.2', false],
  ['127.0.0.1', '127.0.0.1', 'IP Address:127.0.0.2', true],
  ['127.0.0.1', '127.0.0.1', 'DNS:x', true],
  ['127.0.0.1', 'x', 'DNS:*.127.0.0.1', false],
  ['127.0.0.1', '*.0.0.1', undefined, false],
  ['127.1', 'x', 'IP Address:127.0.0.1', true],
  ['::1', 'x', 'IP Address:0:0:0:0:0:0:0:1', true],
  ['0:0:0:0:0:0:0:1', 'x', 'IP Address:0:0:0:0:0:0:0:1', true],
  ['::1', '::1', undefined, true],
  ['::1', 'x', 'IP Address:127.0.0.1', false],
  ['vm', 'vm', 'DNS:other', true],
  ['vm', 'VM', undefined, true],
  ['vm', 'x', 'DNS:VM', true],
  ['vm', 'x', 'DNS:x, DNS:vm', true],
  ['vm', 'x', undefined, false],
  ['vm', ['vm', 'x'], undefined, false],
  ['vm', ['x', 'vm'], undefined, true],
  ['vm', undefined, undefined, false],
  ['vm', undefined, 'DNS:vm', true],
  ['vm', '*', undefined, false],
  ['vm', 'x', 'DNS:*', false],
  ['vm', 'x', 'URI:ldap://vm', false],
  ['vm', 'x', 'email:vm', false],
  ['vm.', 'x', 'DNS:vm', false],
  ['localhost', 'localhost', undefined, false],
  ['localhost', 'x', 'DNS:localhost, IP Address:127.0.0.1', false],
  ['localhost', 'vm', undefined, true],
  ['LOCALHOST', 'x', 'DNS:vm', true],
  ['a.example', '*.example', undefined, true],
  ['a.example', 'x', 'DNS:*.EXAMPLE', true],
  ['b.a.example', 'x', 'DNS:*.example', false],
  ['b.a.example', 'x', 'DNS:*.a.example', true],
  ['example', 'x', 'DNS:*.example', false],
  ['a.example', 'x', 'DNS:a*.example', false],
  ['a.example', 'a.example.', undefined, false],
])('%s and a certificate of %s for %s: %s', (host, cn, subjectaltname, isNamed) => {
  const certificate = {
    ...(cn !== undefined && { subject: { CN: cn } }),
    ...(subjectaltname !== undefined && { subjectaltname }),
  };
  expect(isNamedForLibldap(host, certificate, MACHINE)).toBe(isNamed);
});

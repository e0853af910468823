import { expect, test } from 'vitest';
import { deletionWaves, wavesOf } from '../../../src/plan/apply/waves.ts';

const waves = (...dns: readonly string[]) =>
  [...wavesOf(dns.map((dn) => ({ dn })))].map((wave) => wave.map(({ dn }) => dn));

test('entries beside each other are written together, in their order', () => {
  expect(waves('cn=a,dc=x', 'cn=b,dc=x', 'cn=c,ou=y,dc=x')).toEqual([
    ['cn=a,dc=x', 'cn=b,dc=x', 'cn=c,ou=y,dc=x'],
  ]);
  expect(waves()).toEqual([]);
});

test('an entry waits for the one above it, however its DN is written and however far it is above', () => {
  expect(waves('dc=x', 'ou=y,dc=x')).toEqual([['dc=x'], ['ou=y,dc=x']]);
  expect(waves('dc=x', 'cn=a,ou=y,dc=x')).toEqual([['dc=x'], ['cn=a,ou=y,dc=x']]);
  expect(waves('OU=Y, DC=X', 'cn=a,ou=y,dc=x')).toEqual([['OU=Y, DC=X'], ['cn=a,ou=y,dc=x']]);
});

test('two changes of one entry follow each other', () => {
  expect(waves('cn=a,dc=x', 'cn=b,dc=x', 'CN=A,dc=x', 'cn=b,dc=x')).toEqual([
    ['cn=a,dc=x', 'cn=b,dc=x'],
    ['CN=A,dc=x', 'cn=b,dc=x'],
  ]);
});

test('an entry that names another by its DN or its ID waits for it', () => {
  const steps = [
    { dn: 'cn=a,ou=users', values: ['a'] },
    { dn: 'cn=b,ou=users', values: ['b'] },
    { dn: 'cn=team,ou=groups', values: ['cn=b,ou=users'] },
    { dn: 'cn=ids,ou=groups', values: ['b', 'team'] },
    { dn: 'cn=other,ou=groups', values: ['cn=c,ou=users', 'a'] },
  ];
  const cut = [...wavesOf(steps, ({ values }) => values)].map((wave) => wave.map(({ dn }) => dn));
  expect(cut).toEqual([
    ['cn=a,ou=users', 'cn=b,ou=users'],
    ['cn=team,ou=groups'],
    ['cn=ids,ou=groups', 'cn=other,ou=groups'],
  ]);
});

test('a long run is cut, so that progress can be told', () => {
  const dns = Array.from({ length: 600 }, (_, index) => `cn=${index},dc=x`);
  expect(waves(...dns).map(({ length }) => length)).toEqual([256, 256, 88]);
});

test('what goes, goes from the deepest up, however it is told', () => {
  const dns = ['dc=x', 'cn=a,ou=y,dc=x', 'ou=y,dc=x', 'ou=z,dc=x', 'cn=b,ou=z,dc=x'];
  expect([...deletionWaves(dns.map((dn) => ({ dn })))].map((wave) => wave.map(({ dn }) => dn))).toEqual([
    ['cn=a,ou=y,dc=x', 'cn=b,ou=z,dc=x'],
    ['ou=y,dc=x', 'ou=z,dc=x'],
    ['dc=x'],
  ]);
});

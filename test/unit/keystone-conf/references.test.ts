import { expect, test } from 'vitest';
import { OSLO_CONFIG } from '../../../src/keystone-conf/document/conf-dialect.ts';
import { parseConf } from '../../../src/keystone-conf/document/document.ts';
import { effectiveNamed } from '../../../src/keystone-conf/modern/effective-option.ts';
import { findOptions } from '../../../src/keystone-conf/document/option-value.ts';

const suffix = (...lines: readonly string[]) =>
  effectiveNamed(
    parseConf(Buffer.from(['[ldap]', ...lines].join('\n')), 'keystone.conf', OSLO_CONFIG),
    'zed',
    'suffix',
  );
const chain = (length: number, line: (next: string) => string): readonly string[] =>
  Array.from({ length }, (_, at) => `${at === 0 ? 'suffix' : `v${at}`} = ${line(`$v${at + 1}`)}`);

test('references are followed from one to the next', () => {
  expect(suffix(...chain(100, (next) => next), 'v100 = dc=a').value).toBe('dc=a');
});

test.each([
  ['itself', ['suffix = $suffix']],
  ['itself by others', ['suffix = $a', 'a = x $b', 'b = $a']],
  ['more in a row than Python follows', [...chain(10_000, (next) => next), 'v10000 = dc=a']],
])('one that leads to %s has no value', (_, lines) => {
  expect(suffix(...lines)).toMatchObject({
    value: undefined,
    fault: expect.stringContaining('not known') as string,
  });
});

test('an option that refers to itself does not fall back on [DEFAULT]', () => {
  expect(suffix('suffix = $suffix', '[DEFAULT]', 'suffix = dc=a')).toMatchObject({ value: undefined });
});

test('references that double each other end at once, with a limit', () => {
  expect(suffix(...chain(40, (next) => `${next}${next}`), 'v40 = dc=a')).toMatchObject({
    value: undefined,
    fault: expect.stringContaining('not known') as string,
  });
  expect(suffix(...chain(10, (next) => `${next}${next}`), 'v10 = a').value).toBe('a'.repeat(1024));
});

test('many options, and a value with a long gap, are read at once', () => {
  const lines = Array.from({ length: 100_000 }, (_, at) => `option${at} = $option${at + 1}`);
  const text = ['[ldap]', ...lines, `suffix = a${' '.repeat(1_000_000)}b`].join('\n');
  const doc = parseConf(Buffer.from(text), 'keystone.conf', OSLO_CONFIG);
  const found = Array.from({ length: 100_000 }, (_, at) => findOptions(doc, 'ldap', `option${at}`).length);
  expect(new Set(found)).toEqual(new Set([1]));
  expect(String(effectiveNamed(doc, 'zed', 'suffix').value)).toHaveLength(1_000_002);
}, 60_000);

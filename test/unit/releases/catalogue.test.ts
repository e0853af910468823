import { expect, test } from 'vitest';
import { findRelease } from '../../../src/releases/find-release.ts';
import { CATALOGUE, isSince } from '../../../src/releases/catalogue.ts';

test('a release for every half year, two for the one that changed its mind, in order', () => {
  expect(CATALOGUE).toHaveLength(31);
  const dates = CATALOGUE.map(({ date }) => date);
  expect(dates.toSorted()).toEqual(dates);
  const names = CATALOGUE.flatMap(({ name, aliases }) => [name, ...aliases]);
  expect(new Set(names).size).toBe(names.length);
});

test.each([
  ['essex', '2012.1'],
  ['Havana', '2013.2'],
  ['kilo', '2015.1'],
  ['2015.1.4', '2015.1'],
  ['2013.1', '2013.1'],
  ['2013.1.1', '2013.1'],
  ['2013.1.2', '2013.1.2'],
  ['2013.1.5', '2013.1.2'],
  ['Grizzly', '2013.1.2'],
  ['stable/grizzly', '2013.1.2'],
  ['8', 'liberty'],
  ['10', 'newton'],
  ['22.0.2', 'zed'],
  ['stable/2025.1', '2025.1'],
  ['antelope', '2023.1'],
  ['29', '2026.1'],
  ['30', '2026.2'],
  ['hibiscus', '2026.2'],
  ['master', '2026.2'],
])('%s is %s', (text, name) => {
  expect(findRelease(text).name).toBe(name);
});

test.each([
  ['zet', 'Did you mean "zed"?'],
  ['nonsense-name', '"nonsense-name" is not a release that keystone-ldap knows.'],
])('%s is refused', (text, words) => {
  expect(() => findRelease(text)).toThrow(expect.objectContaining({ code: 'USAGE' }));
  expect(() => findRelease(text)).toThrow(words);
});

test('order', () => {
  expect([isSince('liberty', '2015.1'), isSince('zed', 'zed'), isSince('zed', '2023.1')]).toEqual([
    true,
    true,
    false,
  ]);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lacksTable } from '../../support/needs/lacks-table.ts';
import { NEEDS, type Need } from '../../support/needs/needs.ts';

test('counts the tests that lack something, most first, and says how to have it', () => {
  const zsh = { zsh: 'Cannot run zsh: spawn zsh ENOENT.' };
  const keystone = { Keystone: 'keystone-manage and keystone-wsgi-public are not in PATH' };
  expect(lacksTable([zsh, keystone, { ...keystone, ...zsh }, keystone])).toBe(
    `Skipped 4 tests, because this machine lacks what they need:

     3  Keystone
        keystone-manage and keystone-wsgi-public are not in PATH
     2  zsh
        Cannot run zsh: spawn zsh ENOENT.

To run them too, on Debian or Ubuntu:

    apt-get install --no-install-recommends python3-keystone python3-ldap \\
    python3-ldappool memcached zsh
`,
  );
});

test('is empty where nothing is lacking, and names no packages where none would help', () => {
  expect(lacksTable([])).toBe('');
  expect(lacksTable([{ 'npm registry': 'no network' }])).not.toContain('apt-get');
});

test('has no line of more than 79 characters but for a longer word', () => {
  const needs = fc.constantFrom(...(Object.keys(NEEDS) as Need[]));
  const why = fc.array(fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 60 }), { minLength: 1 });
  const lacks = fc.dictionary(
    needs,
    why.map((words) => words.join(' ')),
    { minKeys: 1 },
  );
  fc.assert(
    fc.property(fc.array(lacks, { minLength: 1 }), (skipped) => {
      for (const line of lacksTable(skipped).split('\n')) expect(line.length).toBeLessThanOrEqual(79);
    }),
    { seed: 12 },
  );
});

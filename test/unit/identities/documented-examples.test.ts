import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { packageFile, readText } from '../../../src/files.ts';
import { checkNames } from '../../../src/identities/check/check-names.ts';
import { parseIdentities } from '../../../src/identities/read/parse-identities.ts';
import { findRelease, treesBelow } from '../../../src/releases/find-release.ts';

const document = await readText(packageFile('docs/identities.md'));
const blocks = [...document.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => text);
const example = await readText(packageFile('fixtures/identities-example.yaml'));

test('the document has examples', () => {
  expect(blocks).toHaveLength(3);
});

test.each([...blocks, example])('example %# is right, and safe in 2011.3', (text) => {
  const { identities } = parseIdentities([{ file: 'example.yaml', text }]);
  const release = findRelease('2011.3');
  const context = { ...release, trees: treesBelow(release, 'dc=example,dc=com') };
  const faults = checkNames(identities, context);
  expect(faults.filter(({ severity }) => severity !== 'remark')).toEqual([]);
  expect(identities.users.length).toBeGreaterThan(0);
});

test('every code is explained', async () => {
  const source = await readText(packageFile('src/identities/check/name-fault.ts'));
  const codes = [...source.matchAll(/^ {2}\| '([A-Z_]+)'/gm)].map(([, code]) => code);
  const section = document.slice(document.indexOf('## What a release cannot live with'));
  const explained = [...section.matchAll(/^\| `([A-Z_]+)` +\|/gm)].map(([, code]) => code);
  expect(codes.length).toBeGreaterThan(10);
  expect(explained).toEqual(codes);
});

test('every variable that changes sample data is explained', async () => {
  const folder = 'fixtures/sample-data';
  const files = await readdir(packageFile(folder));
  const texts = await Promise.all(files.map((file) => readText(packageFile(`${folder}/${file}`))));
  const text = texts.join('\n').replaceAll('${NAME:-default}', '');
  const names = [...text.matchAll(/(?:\$\{|(?:when|unless)_env: )([A-Z0-9_]+)/g)].map(([, name]) => name);
  expect(new Set(names).size).toBeGreaterThan(10);
  for (const name of new Set(names)) expect(document).toContain(`\`${name}\``);
});

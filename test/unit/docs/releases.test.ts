import { writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { expect, test } from 'vitest';
import { packageFile, readText } from '../../../src/files.ts';
import { releasesPage } from '../../support/docs/releases-page.ts';

test('docs/releases.md tells what the releases are', async () => {
  const file = packageFile('docs/releases.md');
  const page = await format(await releasesPage(), { ...(await resolveConfig(file)), filepath: file });
  if (process.env['UPDATE_DOCS'] === '1') await writeFile(file, page);
  expect(await readText(file), 'UPDATE_DOCS=1 writes it anew').toBe(page);
});

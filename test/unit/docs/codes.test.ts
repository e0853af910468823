import { expect, test } from 'vitest';
import { FINDING_CODES } from '../../../src/doctor/finding.ts';
import { ERROR_CODES } from '../../../src/errors.ts';
import { packageFile, readText } from '../../../src/files.ts';

test.each([
  ['docs/findings.md', FINDING_CODES],
  ['docs/errors.md', ERROR_CODES],
])('%s explains each code in its order, and no other', async (file, codes) => {
  const [, ...sections] = (await readText(packageFile(file))).split(/^## /m);
  const explained = sections.map((section) => {
    const [, code, text] = /^`(\w+)`\n\n(.+)\n/.exec(section) ?? [];
    expect(text, section).toMatch(/\w{3}.*[.]$/);
    return code;
  });
  expect(explained).toEqual(codes);
});

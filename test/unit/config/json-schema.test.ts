import { expect, test } from 'vitest';
import { configJsonSchema } from '../../../src/config/json-schema.ts';
import { packageFile, readText } from '../../../src/files.ts';

test('the published JSON Schema is the one of the definition', async () => {
  const published: unknown = JSON.parse(await readText(packageFile('schema/keystone-ldap.schema.json')));
  expect(published).toEqual(configJsonSchema());
});

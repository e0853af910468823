import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { loadConfig } from '../../../src/config/load-config.ts';
import { packageFile, readText } from '../../../src/files.ts';
import { configReference } from '../../support/docs/config-reference.ts';

const page = await readText(packageFile('docs/configuration-file.md'));

test('docs/configuration-file.md lists every key of the definition, and no other', () => {
  const [, keys = ''] = page.split('\n## Keys\n');
  const listed = keys.split('\n').filter((line) => /^- (\*\*)?`[a-z_.]+`/.test(line));
  expect(listed).toEqual(configReference());
});

test('its example is one', async () => {
  const [, example = ''] = /```yaml\n([^]*?)```/.exec(page) ?? [];
  const { config, identities } = await loadConfig('/k.yaml', example, {
    readText: () => Promise.resolve('groups: []\n'),
    readChunks: () => Readable.from(['name\nzoe\n']),
    namesIn: () => Promise.resolve(['a.yaml']),
  });
  expect(config.keystoneConf?.path).toBe('/etc/keystone/keystone.conf');
  expect(identities?.identities.users).not.toEqual([]);
});

import { expect, test } from 'vitest';
import { DEFINITION, type Section } from '../../../src/config/definition.ts';
import { readConfig } from '../../../src/config/read-config.ts';
import { renderConfig } from '../../../src/config/render-config.ts';

const VALUES = {
  release: '2013.2',
  map: { user_id_attribute: 'uid' },
  server: { uri: 'ldapi:///', startTls: 'require', config: { bindDn: 'cn=a: #b,cn=config' } },
  keystoneConf: { path: '/etc/k.conf', backup: false },
  identities: { files: ['/a.yaml', "/b, 'c'.yaml"] },
};

test('what is written is read as what was given', () => {
  const text = renderConfig(VALUES, '/x/schema.json');
  const { config, problems } = readConfig(text, '/keystone-ldap.yaml');
  expect(problems).toEqual([]);
  expect(config).toEqual({
    ...VALUES,
    map: [{ name: 'user_id_attribute', value: 'uid', at: expect.anything() as unknown }],
  });
  expect(text).toMatch(/^# yaml-language-server: \$schema=\/x\/schema\.json\n/);
});

test('all that could be said stands there as comments, and is YAML without them', () => {
  const blank = renderConfig({}, '/x');
  expect(readConfig(blank, 'f')).toMatchObject({ config: {}, problems: [] });
  const full = blank.replaceAll(/^( *)# ( *)(\w+):( |$)/gm, '$1$2$3:$4');
  const { config, problems } = readConfig(full, 'f');
  expect(problems).toEqual([]);
  expect(pathsOf(config)).toEqual(pathsOf(DEFINITION));
});

/** `server.uri` and its like, of what was read or of what can be. */
function pathsOf(keys: object, path = ''): readonly string[] {
  return Object.entries(keys as Record<string, unknown>).flatMap(([name, value]) => {
    const inner = isSection(value) ? value.keys : value;
    const isLeaf = typeof inner !== 'object' || inner === null || Array.isArray(inner) || 'type' in inner;
    return isLeaf ? [`${path}${name}`] : pathsOf(inner, `${path}${name}.`);
  });
}

function isSection(value: unknown): value is Section {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'section';
}

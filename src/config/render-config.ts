import { stringify } from 'yaml';
import { yamlKey } from '../identities/read/read-items.ts';
import { DEFINITION, type Keys } from './definition.ts';

/** What a new file is to say, by the properties of the definition. */
export interface NewConfig {
  readonly [property: string]: unknown;
}

/** A new `keystone-ldap.yaml`: what is given, and as comments all else that could be said. */
export function renderConfig(values: NewConfig, schemaFile: string): string {
  const head = [
    `# yaml-language-server: $schema=${schemaFile}`,
    '# What "keystone-ldap plan" shows and "keystone-ldap apply" does; init, seed, configure and verify take it with -f.',
    '# Relative paths are relative to this file. Passwords stand in files or in the environment, never here.',
  ];
  return `${[...head, ...lines(DEFINITION, values, '')].join('\n')}\n${IDENTITIES}`;
}

/** `off` stands before the lines of a section of which nothing is given, so that taking it away leaves YAML. */
function lines(keys: Keys, values: NewConfig, indent: string, off = ''): string[] {
  return Object.entries(keys).flatMap(([property, definition]) => {
    const gap = indent === '' ? [''] : [];
    const lead = `${off}${indent}`;
    const key = yamlKey(property);
    const value = values[property];
    if (definition.type === 'section') {
      const within = isNewConfig(value) ? value : {};
      const mark = Object.keys(within).length > 0 ? off : '# ';
      const body = lines(definition.keys, within, `${indent}  `, mark);
      return [...gap, `${lead}# ${definition.about}`, `${mark}${indent}${key}:`, ...body];
    }
    const example = definition.type === 'choice' ? definition.choices[0] : definition.example;
    const line =
      value === undefined
        ? `${off === '' ? `${indent}# ` : lead}${key}: ${example}`
        : `${lead}${key}: ${inline(value)}`;
    return [...gap, `${lead}# ${definition.about}`, line];
  });
}

function isNewConfig(value: unknown): value is NewConfig {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One line of YAML that reads as this value. */
function inline(value: unknown): string {
  return stringify(value, { lineWidth: 0, collectionStyle: 'flow' }).trimEnd();
}

const IDENTITIES = `#   # or here, in the format of docs/identities.md:
#   users:
#     - { name: alice, password_env: ALICES_PASSWORD }
`;

import { DEFINITION, type Keys } from '../../../src/config/definition.ts';
import { yamlKey } from '../../../src/identities/read/read-items.ts';

/** One line for each key of the configuration file, as docs/configuration-file.md has them. */
export function configReference(keys: Keys = DEFINITION, path = ''): readonly string[] {
  return Object.entries(keys).flatMap(([property, definition]) => {
    const name = `${path}${yamlKey(property)}`;
    if (definition.type === 'section')
      return [`- **\`${name}\`**: ${definition.about}`, ...configReference(definition.keys, `${name}.`)];
    const values =
      definition.type === 'choice'
        ? definition.choices.map((choice) => `\`${choice}\``).join(' or ')
        : `\`${definition.example}\``;
    return [`- \`${name}\`: ${definition.about}; ${values}`];
  });
}

import {
  IDENTITY_KEYS,
  readIdentityPairs,
  type IdentitiesReading,
} from '../identities/read/read-identities.ts';
import { refuseUnknownKeys, yamlKey } from '../identities/read/read-items.ts';
import type { Position } from '../identities/read/source.ts';
import { YamlReader, type YamlPair } from '../identities/read/yaml-reader.ts';
import { DEFINITION, type Choice, type Config, type Keys, type Leaf } from './definition.ts';
import { LEAF_READERS, readChoice } from './read-leaf.ts';

/** What a configuration file says, as far as it could be understood. */
export interface ConfigReading extends IdentitiesReading {
  readonly config: Config;
  /** Where each value stands, by its path: `server.uri`, `identities.files[0]`. */
  readonly places: ReadonlyMap<string, Position>;
  /** Whether identities stand in the file itself. */
  readonly hasIdentities: boolean;
}

/** Reads `keystone-ldap.yaml`; what only other files, or a release, can tell is not checked here. */
export function readConfig(text: string, file: string): ConfigReading {
  const reader = new YamlReader(text, file);
  const walk = new Walk(reader);
  const config = reader.wellFormed ? walk.root() : {};
  const identities = readIdentityPairs(reader, walk.identityPairs);
  const { problems, wellFormed } = reader;
  const { places, identityPairs } = walk;
  return { config, places, ...identities, hasIdentities: identityPairs.length > 0, problems, wellFormed };
}

class Walk {
  readonly #reader: YamlReader;
  readonly places: Map<string, Position> = new Map<string, Position>();
  /** Keys of the identities format, which stand among those of the section. */
  identityPairs: readonly YamlPair[] = [];

  constructor(reader: YamlReader) {
    this.#reader = reader;
  }

  /** What the walk makes of the keys is what their definition says. */
  root(): Config {
    const { root } = this.#reader;
    if (this.#reader.isEmpty(root)) return {};
    const pairs = this.#reader.pairs(root);
    if (pairs === undefined)
      this.#reader.report(
        this.#reader.position(root),
        `the file must be a mapping with the keys ${Object.keys(DEFINITION).map(yamlKey).join(', ')}`,
      );
    return this.#keys(pairs ?? [], DEFINITION, '');
  }

  #keys(pairs: readonly YamlPair[], keys: Keys, path: string): Record<string, unknown> {
    const known = Object.keys(keys).map(yamlKey);
    const foreign = keys === DEFINITION.identities.keys ? IDENTITY_KEYS : [];
    refuseUnknownKeys(this.#reader, pairs, [...known, ...foreign]);
    if (foreign.length > 0) this.identityPairs = pairs.filter(({ key }) => !known.includes(key));
    const values: Record<string, unknown> = {};
    for (const [property, definition] of Object.entries(keys)) {
      const pair = pairs.find(({ key }) => key === yamlKey(property));
      const value = pair && this.#value(pair, definition, `${path}${yamlKey(property)}`);
      if (value !== undefined) values[property] = value;
    }
    return values;
  }

  #value(pair: YamlPair, definition: Keys[string], path: string): unknown {
    this.places.set(path, this.#reader.position(pair.value, pair.at));
    if (definition.type === 'section') return this.#section(pair, definition.keys, path);
    const items = this.#reader.items(this.#reader.quietlyResolve(pair.value)) ?? [];
    for (const [index, item] of items.entries())
      this.places.set(`${path}[${index}]`, this.#reader.position(item, pair.at));
    return this.#leaf(pair, definition);
  }

  #leaf(pair: YamlPair, definition: Leaf | Choice): unknown {
    if (definition.type === 'choice') return readChoice(this.#reader, pair, definition.choices);
    return LEAF_READERS[definition.type](this.#reader, pair);
  }

  /** A section with nothing in it is one whose keys are all commented out. */
  #section({ key, at, value }: YamlPair, keys: Keys, path: string): unknown {
    const node = this.#reader.resolve(value);
    if (this.#reader.isEmpty(node)) return undefined;
    const pairs = this.#reader.pairs(node);
    if (pairs === undefined)
      this.#reader.report(
        this.#reader.position(value, at),
        `"${key}" must be a mapping with the keys ${Object.keys(keys).map(yamlKey).join(', ')}`,
      );
    return this.#keys(pairs ?? [], keys, `${path}.`);
  }
}

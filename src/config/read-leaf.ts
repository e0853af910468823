import { dirname, resolve } from 'node:path';
import { parseDn } from '../directory/dn.ts';
import { parseLdapUri } from '../directory/ldap-uri.ts';
import { KeystoneLdapError } from '../errors.ts';
import { didYouMean } from '../did-you-mean.ts';
import { VALUE_READERS } from '../identities/read/read-value.ts';
import type { YamlPair, YamlReader } from '../identities/read/yaml-reader.ts';
import type { LeafValues, MappedOption } from './definition.ts';

type ReadLeaf<T> = (reader: YamlReader, pair: YamlPair) => T | undefined;

/** One reader for each type; faults are reported at the value and give `undefined`. */
export const LEAF_READERS: { readonly [K in keyof LeafValues]: ReadLeaf<LeafValues[K]> } = {
  text: VALUE_READERS.text,
  uri: (reader, pair) => checked(reader, pair, parseLdapUri),
  dn: (reader, pair) => checked(reader, pair, parseDn),
  path: (reader, pair) => {
    const path = VALUE_READERS.text(reader, pair);
    return path === undefined ? undefined : besideFile(path, pair);
  },
  paths: (reader, pair) => {
    const isList = reader.items(reader.quietlyResolve(pair.value)) !== undefined;
    const one = isList ? undefined : VALUE_READERS.text(reader, pair);
    const all = isList ? VALUE_READERS.texts(reader, pair) : one === undefined ? undefined : [one];
    return all?.map((path) => besideFile(path, pair));
  },
  variable: (reader, pair) =>
    checked(reader, pair, (name) => {
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
        throw new KeystoneLdapError('INPUT_INVALID', 'This is no name of an environment variable.');
    }),
  boolean: VALUE_READERS.boolean,
  seconds: (reader, pair) => {
    const text = VALUE_READERS.text(reader, pair);
    if (text === undefined) return undefined;
    if (Number(text) > 0 && Number.isFinite(Number(text))) return Number(text);
    reader.report(reader.position(pair.value, pair.at), `"${pair.key}" must be a number of seconds above 0`);
    return undefined;
  },
  options: readOptions,
};

/** One of a few words. */
export function readChoice(
  reader: YamlReader,
  pair: YamlPair,
  choices: readonly string[],
): string | undefined {
  const text = VALUE_READERS.text(reader, pair);
  if (text === undefined || choices.includes(text)) return text;
  const near = didYouMean(text, choices);
  reader.report(reader.position(pair.value, pair.at), `"${pair.key}" must be ${choices.join(' or ')}${near}`);
  return undefined;
}

/** Relative paths are relative to the file that has them, wherever the command is run. */
function besideFile(path: string, { at }: YamlPair): string {
  return resolve(dirname(at.file), path);
}

function checked(reader: YamlReader, pair: YamlPair, check: (text: string) => unknown): string | undefined {
  const text = VALUE_READERS.text(reader, pair);
  if (text === undefined) return undefined;
  try {
    check(text);
    return text;
  } catch (error) {
    if (!(error instanceof KeystoneLdapError)) throw error;
    reader.report(reader.position(pair.value, pair.at), `"${pair.key}": ${error.message.replace(/\.$/, '')}`);
    return undefined;
  }
}

function readOptions(reader: YamlReader, pair: YamlPair): readonly MappedOption[] | undefined {
  const node = reader.resolve(pair.value);
  if (reader.isEmpty(node)) return undefined;
  const pairs = reader.pairs(node);
  if (pairs === undefined) {
    reader.report(
      reader.position(pair.value, pair.at),
      `"${pair.key}" must be a mapping of options to values`,
    );
    return undefined;
  }
  return pairs.flatMap((option) => {
    const value = VALUE_READERS.text(reader, option);
    return value === undefined ? [] : [{ name: option.key, value, at: option.at }];
  });
}

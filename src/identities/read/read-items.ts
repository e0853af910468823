import { didYouMean } from '../../did-you-mean.ts';
import { faultOfText, VALUE_READERS, type ValueTypes } from './read-value.ts';
import type { Position, Source, Sourced } from './source.ts';
import { takeCondition } from './take-condition.ts';
import type { YamlNode, YamlPair, YamlReader } from './yaml-reader.ts';

/** The properties of an item; the key in the file is the same name in snake_case. */
export type ItemSpec = Readonly<
  Record<string, { readonly type: keyof ValueTypes; readonly required?: true }>
>;

type RequiredNames<S extends ItemSpec> = {
  [K in keyof S]: S[K] extends { readonly required: true } ? K : never;
}[keyof S];

/** An item as its specification says. */
export type Item<S extends ItemSpec> = Required<Sourced> & {
  readonly [K in RequiredNames<S>]: ValueTypes[S[K]['type']];
} & { readonly [K in Exclude<keyof S, RequiredNames<S>>]?: ValueTypes[S[K]['type']] };

export interface ItemReading<S extends ItemSpec> {
  /** What kind of item it is, for messages: `a tenant`. */
  readonly what: string;
  readonly spec: S;
  /** Whether a bare text stands for an item with this name. */
  readonly bareName?: true;
}

/** All items of a list that have what they need; faults are reported. A list without items is no fault. */
export function readItems<S extends ItemSpec>(
  reader: YamlReader,
  { key, at, value }: YamlPair,
  reading: ItemReading<S>,
): readonly Item<S>[] {
  const node = reader.resolve(value);
  if (reader.isEmpty(node)) return [];
  const items = reader.items(node);
  if (items === undefined) reader.report(reader.position(value, at), `"${key}" must be a list`);
  return (items ?? [])
    .map((item) => readItem(reader, item, reading, at))
    .filter((item) => item !== undefined);
}

/** Reports keys that are not among the known ones, each with the nearest of them. */
export function refuseUnknownKeys(
  reader: YamlReader,
  pairs: readonly YamlPair[],
  known: readonly string[],
): void {
  for (const { key, at } of pairs.filter((pair) => !known.includes(pair.key)))
    reader.report(at, `unknown key "${key}"${didYouMean(key, known) || `; known here: ${known.join(', ')}`}`);
}

/** `publicUrl` as it is written in a file: `public_url`. */
export function yamlKey(property: string): string {
  return property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function readItem<S extends ItemSpec>(
  reader: YamlReader,
  item: YamlNode,
  reading: ItemReading<S>,
  listAt: Position,
): Item<S> | undefined {
  const at = reader.position(item, listAt);
  const node = reader.resolve(item);
  if (reader.isDangling(item)) return undefined;
  const pairs = reader.pairs(node);
  if (pairs !== undefined) {
    const { pairs: content, holds } = takeCondition(reader, pairs);
    const read = readMapping(reader, content, reading, at);
    return holds ? read : undefined;
  }
  const name = reading.bareName === undefined ? undefined : reader.scalar(node);
  const fault =
    name === undefined
      ? `is written as a mapping${reading.bareName ? ' or as its name' : ''}`
      : faultOfText(name);
  if (fault === undefined) return asItem<S>({ name }, at);
  reader.report(at, `${reading.what} ${fault}`);
  return undefined;
}

function readMapping<S extends ItemSpec>(
  reader: YamlReader,
  pairs: readonly YamlPair[],
  { what, spec }: ItemReading<S>,
  at: Position,
): Item<S> | undefined {
  refuseUnknownKeys(reader, pairs, Object.keys(spec).map(yamlKey));
  const properties: Record<string, unknown> = {};
  let places: Record<string, Position> = {};
  let complete = true;
  for (const [property, { type, required }] of Object.entries(spec)) {
    const pair = pairs.find(({ key }) => key === yamlKey(property));
    if (pair === undefined && required) reader.report(at, `${what} needs "${yamlKey(property)}"`);
    const value = pair === undefined ? undefined : VALUE_READERS[type](reader, pair);
    if (pair !== undefined) places = { ...places, ...placesOf(reader, pair, property) };
    if (value !== undefined) properties[property] = value;
    else if (required) complete = false;
  }
  return complete ? asItem<S>(properties, { ...at, values: places }) : undefined;
}

function placesOf(reader: YamlReader, { at, value }: YamlPair, property: string): Record<string, Position> {
  const items = reader.items(reader.quietlyResolve(value)) ?? [];
  return Object.fromEntries([
    [property, reader.position(value, at)],
    ...items.map((item, index) => [`${property}[${index}]`, reader.position(item, at)] as const),
  ]);
}

/** The caller has read every property that the specification requires. */
function asItem<S extends ItemSpec>(properties: Readonly<Record<string, unknown>>, source: Source): Item<S> {
  return { ...properties, source } as Item<S>;
}

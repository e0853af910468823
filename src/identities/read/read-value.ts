import { parseDn } from '../../directory/dn.ts';
import { Secret } from '../../secret.ts';
import type { MemberMode } from '../identities.ts';
import type { YamlNode, YamlPair, YamlReader } from './yaml-reader.ts';

/** What a key may hold. */
export interface ValueTypes {
  readonly text: string;
  readonly texts: readonly string[];
  readonly secret: Secret;
  readonly boolean: boolean;
  readonly memberMode: MemberMode;
  /** A whole number from 1. */
  readonly count: number;
  /** `2015-02-05T00:00` */
  readonly minute: string;
  /** RDNs of organizational units, the lowest first. */
  readonly units: string;
}

type ReadValue<T> = (reader: YamlReader, pair: YamlPair) => T | undefined;

/** One reader for each type; faults are reported at the value and give `undefined`. */
export const VALUE_READERS: { readonly [K in keyof ValueTypes]: ReadValue<ValueTypes[K]> } = {
  text: readText,
  texts: readTexts,
  secret: (reader, pair) => {
    const text = readText(reader, pair);
    return text === undefined ? undefined : new Secret(text);
  },
  boolean: (reader, pair) =>
    readAs(reader, pair, {
      convert: (text) => BOOLEANS.get(text.toLowerCase()),
      otherwise: 'must be true or false',
    }),
  memberMode: (reader, pair) =>
    readAs(reader, pair, {
      convert: (text) => MEMBER_MODES.find((mode) => mode === text),
      otherwise: `must be ${MEMBER_MODES.join(', ')}`,
    }),
  count: (reader, pair) =>
    readAs(reader, pair, {
      convert: (text) => (/^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined),
      otherwise: 'must be a whole number from 1',
    }),
  minute: (reader, pair) =>
    readAs(reader, pair, {
      convert: (text) => (isMinute(text) ? text : undefined),
      otherwise: 'must be a UTC time to the minute, such as 2015-02-05T00:00',
    }),
  units: (reader, pair) =>
    readAs(reader, pair, {
      convert: (text) => (areUnits(text) ? text : undefined),
      otherwise: 'must be organizational units, the lowest first, such as ou=Berlin,ou=Research',
    }),
};

export const MEMBER_MODES: readonly MemberMode[] = ['additive', 'exact', 'ignore'];

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

/** What is wrong with a text that is to be a name or another value of one line. Never shows it: it may be a password. */
export function faultOfText(text: string): string | undefined {
  if (text === '') return 'is empty';
  if (/\p{Cs}/u.test(text)) return 'holds bytes that are not text in UTF-8';
  return /\p{Cc}/u.test(text) ? 'holds a line break or another control character' : undefined;
}

function readText(reader: YamlReader, { key, at, value }: YamlPair): string | undefined {
  const node = reader.resolve(value);
  if (reader.isDangling(value)) return undefined;
  const fault = faultOfNode(reader, node);
  if (fault === undefined) return reader.scalar(node);
  reader.report(reader.position(value, at), `"${key}" ${fault}`);
  return undefined;
}

function faultOfNode(reader: YamlReader, node: YamlNode): string | undefined {
  if (reader.isEmpty(node)) return 'is empty; leave the key out or give it a value';
  const text = reader.scalar(node);
  return text === undefined ? 'must be text' : faultOfText(text);
}

function readTexts(reader: YamlReader, pair: YamlPair): readonly string[] | undefined {
  const node = reader.resolve(pair.value);
  if (reader.isEmpty(node)) return [];
  const texts = reader.items(node)?.map((value) => readText(reader, { ...pair, value }));
  if (texts === undefined)
    reader.report(reader.position(pair.value, pair.at), `"${pair.key}" must be a list of texts`);
  return texts?.every((text) => text !== undefined) ? texts : undefined;
}

interface Conversion<T> {
  readonly convert: (text: string) => T | undefined;
  readonly otherwise: string;
}

function readAs<T>(reader: YamlReader, pair: YamlPair, { convert, otherwise }: Conversion<T>): T | undefined {
  const text = readText(reader, pair);
  if (text === undefined) return undefined;
  const value = convert(text);
  if (value === undefined) reader.report(reader.position(pair.value, pair.at), `"${pair.key}" ${otherwise}`);
  return value;
}

function areUnits(text: string): boolean {
  try {
    const rdns = parseDn(text);
    return rdns.length > 0 && rdns.every((rdn) => rdn.length === 1 && rdn[0]?.type.toLowerCase() === 'ou');
  } catch {
    return false;
  }
}

function isMinute(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text) ? new Date(`${text}Z`) : undefined;
  return time !== undefined && !Number.isNaN(time.valueOf()) && time.toISOString().startsWith(text);
}

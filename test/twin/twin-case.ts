import type { NewEntry } from '../../src/directory/entry.ts';
import type { Login } from './answer.ts';

/** One directory and one keystone.conf, to be asked the same questions by Keystone and by this tool. */
export interface TwinCase {
  readonly entries: readonly TwinEntry[];
  /** Options of `[ldap]` as they are written; `@URI@` and `@PASSWORD@` stand for those of the server. */
  readonly options: Readonly<Record<string, string>>;
  /** `[identity] driver` as it is written. */
  readonly driver: string;
}

export interface TwinEntry extends NewEntry {
  readonly attributes: Readonly<Record<string, readonly string[]>>;
}

export const SUFFIX = 'dc=example,dc=com';
export const PASSWORD = 'Secret 1';

export function confOf(
  { driver, options }: TwinCase,
  { uri, password }: { readonly uri: string; readonly password: string },
): string {
  const lines = Object.entries(options).map(
    ([name, value]) => `${name} = ${value.replaceAll('@URI@', uri).replaceAll('@PASSWORD@', password)}`,
  );
  return ['[identity]', `driver = ${driver}`, '[ldap]', ...lines, ''].join('\n');
}

const MOST_NAMES = 4;

/** The first names that some entry has, each with the right password, and one of them with others. */
export function loginsOf({ entries, options }: TwinCase): readonly Login[] {
  const attribute = (options['user_name_attribute'] ?? 'sn').toLowerCase();
  const names = entries.flatMap(({ attributes }) =>
    Object.entries(attributes).flatMap(([name, values]) => (name.toLowerCase() === attribute ? values : [])),
  );
  const some = [...new Set(names)].slice(0, MOST_NAMES);
  return [
    ...some.map((name): Login => [name, PASSWORD]),
    ...some.slice(0, 1).flatMap((name): Login[] => [
      [name, 'wrong'],
      [name, ''],
      [name.toUpperCase(), PASSWORD],
    ]),
    ['nobody', PASSWORD],
  ];
}

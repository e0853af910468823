import net from 'node:net';
import { Attribute, Change, Client } from 'ldapts';
import { parseLdapUri } from '../../../src/directory/ldap-uri.ts';
import type { RunningSlapd } from '../../../src/sandbox/running-slapd.ts';
import { accountBelow, PASSWORD, type Place } from './people.ts';

/** `SUBJECT | ENTRY | ATTRIBUTE` to what the server lets that subject do, or `SUBJECT` to whether it may bind. */
export type Matrix = Readonly<Record<string, string>>;

const ATTRIBUTES = [
  'objectClass',
  'uid',
  'cn',
  'sn',
  'mail',
  'description',
  'member',
  'telephoneNumber',
  'userPassword',
  'sambaNTPassword',
] as const;
/** What Keystone's account has to read of users and groups of zed. */
export const NEEDED: ReadonlySet<string> = new Set([
  'objectClass',
  'cn',
  'sn',
  'mail',
  'description',
  'member',
]);
export const SECRETS: ReadonlySet<string> = new Set(['userPassword', 'sambaNTPassword']);

/** Connections that rules can tell apart: over TCP with no strength, over a socket with that of ldapi (71). */
const WAYS = ['tcp', 'socket'] as const;

/** Tries everything with real binds, searches, compares and writes that change nothing. */
export async function accessMatrix(server: RunningSlapd, place: Place): Promise<Matrix> {
  const matrix: Record<string, string> = {};
  const entries = targetsOf(place);
  for (const way of WAYS)
    for (const [name, dn] of subjectsOf(place)) {
      const client = connect(server, way);
      try {
        const isBound = await client.bind(dn, dn === '' ? '' : PASSWORD).then(
          () => true,
          () => false,
        );
        const subject = `${name} over ${way}`;
        matrix[subject] = isBound ? 'may bind' : 'may not bind';
        if (!isBound) continue;
        const rows = await Promise.all(
          entries.map(async (entry) => [entry, await rightsTo(client, entry)] as const),
        );
        for (const [entry, rights] of rows)
          for (const [attribute, letters] of rights) matrix[`${subject} | ${entry} | ${attribute}`] = letters;
      } finally {
        await client.unbind();
      }
    }
  return matrix;
}

export function isOfAccount(key: string): boolean {
  return key.startsWith('account ');
}

function connect({ uri, ldapiUri }: RunningSlapd, way: (typeof WAYS)[number]): Client {
  const socket = parseLdapUri(ldapiUri);
  const path = socket.scheme === 'ldapi' ? socket.path : '';
  return way === 'tcp'
    ? new Client({ url: uri })
    : new Client({ url: 'ldap://localhost', createConnection: () => net.connect(path) });
}

function subjectsOf(place: Place): readonly (readonly [name: string, dn: string])[] {
  const { suffix, users } = place;
  return [
    ['anonymous', ''],
    ['alice', `uid=alice,${users}`],
    ['bob', `uid=bob,ou=Staff,${users}`],
    ['carol', `uid=carol,${users}`],
    ['locked', `uid=locked,${users}`],
    ['outsider', `uid=outsider,ou=Elsewhere,${suffix}`],
    ['boss', `uid=boss,ou=Elsewhere,${suffix}`],
    ['account', accountBelow(place)],
  ];
}

function targetsOf(place: Place): readonly string[] {
  const { suffix, users, groups } = place;
  return [
    ...[suffix, users, groups, `cn=ops,${groups}`],
    ...['alice', 'carol', 'locked'].map((uid) => `uid=${uid},${users}`),
    `uid=bob,ou=Staff,${users}`,
    `uid=outsider,ou=Elsewhere,${suffix}`,
    accountBelow(place),
  ];
}

async function rightsTo(client: Client, dn: string): Promise<readonly (readonly [string, string])[]> {
  const shown = await client.search(dn, { scope: 'base', attributes: [...ATTRIBUTES] }).then(
    ({ searchEntries }) => searchEntries[0],
    () => undefined,
  );
  const read = new Set(Object.keys(shown ?? {}).filter((name) => [shown?.[name]].flat().length > 0));
  const rights = await Promise.all(
    ATTRIBUTES.map(async (attribute) => {
      const letters = [
        read.has(attribute) ? 'r' : '',
        (await found(client, dn, attribute)) ? 's' : '',
        (await compared(client, dn, attribute)) ? 'c' : '',
        (await changed(client, dn, attribute)) ? 'w' : '',
      ];
      return [attribute, letters.join('')] as const;
    }),
  );
  const child = client.add(`ou=x,ou=nobody-has-this,${dn}`, { objectClass: 'organizationalUnit' });
  const below = await child.then(
    () => 'added',
    (error: unknown) => `${codeOf(error)}`,
  );
  return [['entry', shown === undefined ? '' : 'r'], ['children', below], ...rights];
}

async function found(client: Client, dn: string, attribute: string): Promise<boolean> {
  const search = client.search(dn, { scope: 'base', filter: `(${attribute}=*)`, attributes: ['1.1'] });
  return await search.then(
    ({ searchEntries }) => searchEntries.length > 0,
    () => false,
  );
}

/** An answer of any kind but a refusal is one. */
async function compared(client: Client, dn: string, attribute: string): Promise<boolean> {
  return await client.compare(dn, attribute, 'cn=nobody-has-this').then(
    () => true,
    (error: unknown) => codeOf(error) === 16,
  );
}

/** slapd looks at the right before it looks for the value, which nobody has. */
async function changed(client: Client, dn: string, attribute: string): Promise<boolean> {
  const modification = new Attribute({ type: attribute, values: ['cn=nobody-has-this'] });
  return await client.modify(dn, new Change({ operation: 'delete', modification })).then(
    () => true,
    (error: unknown) => codeOf(error) === 16,
  );
}

function codeOf(error: unknown): number {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : -1;
}

import type { Problem } from '../errors.ts';
import type { Variables } from './expand-variables.ts';
import type { Grant, Identities, User } from './identities.ts';
import { readItems, refuseUnknownKeys, type Item, type ItemReading, type ItemSpec } from './read-items.ts';
import { readSqlPart } from './read-sql-part.ts';
import { VALUE_READERS } from './read-value.ts';
import { positionOf, type Position } from './source.ts';
import { YamlReader, type YamlPair } from './yaml-reader.ts';

/** A password that stands elsewhere: in a file, relative to the one that names it, or in the environment. */
export interface PasswordReference {
  readonly user: string;
  readonly from: 'file' | 'env';
  readonly name: string;
  readonly at: Position;
}

/** What one file says, as far as it could be understood. */
export interface IdentitiesReading {
  readonly identities: Identities;
  readonly passwordReferences: readonly PasswordReference[];
  readonly problems: readonly Problem[];
  /** `false` where the text is no YAML: then nothing is known about its content. */
  readonly wellFormed: boolean;
}

const text = { type: 'text' } as const;
const neededText = { type: 'text', required: true } as const;
const boolean = { type: 'boolean' } as const;

const DOMAIN = reading('a domain', {
  name: neededText,
  id: text,
  description: text,
  enabled: boolean,
} as const);

const TENANT = reading('a tenant', {
  name: neededText,
  id: text,
  description: text,
  enabled: boolean,
  members: { type: 'texts' },
  domain: text,
} as const);

const USER = reading('a user', {
  name: neededText,
  id: text,
  password: { type: 'secret' },
  passwordFile: text,
  passwordEnv: text,
  email: text,
  enabled: boolean,
  tenant: text,
  description: text,
  domain: text,
  below: { type: 'units' },
} as const);

const ROLE = reading('a role', { name: neededText, id: text, description: text, service: text } as const);

const GROUP = reading('a group', {
  name: neededText,
  id: text,
  description: text,
  members: { type: 'texts' },
  domain: text,
  below: { type: 'units' },
} as const);

const GRANT = reading('a grant', { role: neededText, user: text, group: text, tenant: text } as const);

const KEYS = ['domains', 'tenants', 'users', 'roles', 'groups', 'grants', 'sql', 'remarks'] as const;

/**
 * Reads the format of docs/identities.md. Only what one file can tell is checked here:
 * names may refer to what another file declares. With variables the text is sample data, which they may change.
 */
export function readIdentities(content: string, file: string, variables?: Variables): IdentitiesReading {
  const reader = new YamlReader(content, file, variables);
  const pairs = reader.wellFormed ? topLevel(reader) : [];
  const pair = (key: (typeof KEYS)[number]): YamlPair | undefined => pairs.find((one) => one.key === key);
  const list = <S extends ItemSpec>(key: (typeof KEYS)[number], item: ItemReading<S>): readonly Item<S>[] => {
    const found = pair(key);
    return found === undefined ? [] : readItems(reader, found, item);
  };
  refuseUnknownKeys(reader, pairs, KEYS);
  const users = list('users', USER).map((item) => userAndReference(reader, item));
  const [sql, remarks] = [pair('sql'), pair('remarks')];
  const sqlPart = sql === undefined ? undefined : readSqlPart(reader, sql);
  const identities: Identities = {
    domains: list('domains', { ...DOMAIN, bareName: true }).map((item) => ({ enabled: true, ...item })),
    tenants: list('tenants', { ...TENANT, bareName: true }).map((item) => ({ enabled: true, ...item })),
    users: users.map(({ user }) => user),
    roles: list('roles', { ...ROLE, bareName: true }),
    groups: list('groups', { ...GROUP, bareName: true }),
    grants: grantsWithHolder(reader, list('grants', GRANT)),
    ...(sqlPart === undefined ? {} : { sql: sqlPart }),
    remarks: remarks === undefined ? [] : (VALUE_READERS.texts(reader, remarks) ?? []),
  };
  const passwordReferences = users.flatMap(({ reference }) => reference ?? []);
  return { identities, passwordReferences, problems: reader.problems, wellFormed: reader.wellFormed };
}

function topLevel(reader: YamlReader): readonly YamlPair[] {
  if (reader.isEmpty(reader.root)) return [];
  const pairs = reader.pairs(reader.root);
  if (pairs === undefined)
    reader.report(
      reader.position(reader.root),
      `the file must be a mapping with the keys ${KEYS.join(', ')}`,
    );
  return pairs ?? [];
}

/** A grant is of a user or of a group. */
function grantsWithHolder(reader: YamlReader, grants: readonly Item<typeof GRANT.spec>[]): readonly Grant[] {
  return grants.filter((grant) => {
    const isOne = (grant.user === undefined) !== (grant.group === undefined);
    if (!isOne) reader.report(grant.source, 'a grant needs "user" or "group", and has one of the two');
    return isOne;
  });
}

interface UserAndReference {
  readonly user: User;
  readonly reference?: PasswordReference;
}

function userAndReference(reader: YamlReader, item: Item<typeof USER.spec>): UserAndReference {
  const { passwordFile, passwordEnv, ...rest } = item;
  const user: User = { enabled: true, ...rest };
  const given = [rest.password, passwordFile, passwordEnv].filter((value) => value !== undefined);
  if (given.length > 1)
    reader.report(item.source, 'a user has one of "password", "password_file" and "password_env"');
  const name = passwordFile ?? passwordEnv;
  if (name === undefined || given.length > 1) return { user };
  const from = passwordFile === undefined ? 'env' : 'file';
  const property = passwordFile === undefined ? 'passwordEnv' : 'passwordFile';
  return { user, reference: { user: user.name, from, name, at: positionOf(item, property) ?? item.source } };
}

function reading<S extends ItemSpec>(what: string, spec: S): ItemReading<S> {
  return { what, spec };
}

import type { Problem } from '../../errors.ts';
import type { Variables } from './expand-variables.ts';
import type { Grant, Identities, User } from '../identities.ts';
import { withDefaults, type ItemDefaults } from './item-defaults.ts';
import { readItems, refuseUnknownKeys, type Item, type ItemReading, type ItemSpec } from './read-items.ts';
import { readSqlPart } from '../sql/read-sql-part.ts';
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
  /** What the file says for all its items; they have it already. */
  readonly defaults: ItemDefaults;
  readonly problems: readonly Problem[];
  /** `false` where the text is no YAML: then nothing is known about its content. */
  readonly wellFormed: boolean;
}

const text = { type: 'text' } as const;
const neededText = { type: 'text', required: true } as const;
const boolean = { type: 'boolean' } as const;
const memberMode = { type: 'memberMode' } as const;

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
  memberMode,
  domain: text,
} as const);

const USER = reading('a user', {
  name: neededText,
  id: text,
  password: { type: 'secret' },
  passwordHash: { type: 'secret' },
  passwordFile: text,
  passwordEnv: text,
  resetPassword: boolean,
  email: text,
  enabled: boolean,
  tenant: text,
  description: text,
  domain: text,
  below: { type: 'units' },
} as const);

const ROLE = reading('a role', {
  name: neededText,
  id: text,
  description: text,
  service: text,
  memberMode,
} as const);

const GROUP = reading('a group', {
  name: neededText,
  id: text,
  description: text,
  members: { type: 'texts' },
  memberMode,
  domain: text,
  below: { type: 'units' },
} as const);

const GRANT = reading('a grant', { role: neededText, user: text, group: text, tenant: text } as const);

/** How the items of each list look. */
export const IDENTITY_LISTS = {
  domains: { ...DOMAIN, bareName: true },
  tenants: { ...TENANT, bareName: true },
  users: USER,
  roles: { ...ROLE, bareName: true },
  groups: { ...GROUP, bareName: true },
  grants: GRANT,
} as const;

/** All keys of the format. */
export const IDENTITY_KEYS = [
  ...['domains', 'tenants', 'users', 'roles', 'groups', 'grants', 'sql', 'remarks'],
  ...['member_mode', 'reset_passwords'],
] as const;

/**
 * Reads the format of docs/identities.md. Only what one file can tell is checked here:
 * names may refer to what another file declares. With variables the text is sample data, which they may change.
 */
export function readIdentities(content: string, file: string, variables?: Variables): IdentitiesReading {
  const reader = new YamlReader(content, file, variables);
  const pairs = reader.wellFormed ? topLevel(reader) : [];
  refuseUnknownKeys(reader, pairs, IDENTITY_KEYS);
  const { problems, wellFormed } = reader;
  return { ...readIdentityPairs(reader, pairs), problems, wellFormed };
}

/** The same of a mapping within another file, whose keys are known to be known. */
export function readIdentityPairs(
  reader: YamlReader,
  pairs: readonly YamlPair[],
): Omit<IdentitiesReading, 'problems' | 'wellFormed'> {
  const pair = (key: string): YamlPair | undefined => pairs.find((one) => one.key === key);
  const list = <S extends ItemSpec>(key: string, item: ItemReading<S>): readonly Item<S>[] => {
    const found = pair(key);
    return found === undefined ? [] : readItems(reader, found, item);
  };
  const [sql, remarks, mode, reset] = ['sql', 'remarks', 'member_mode', 'reset_passwords'].map(pair);
  const memberMode = mode && VALUE_READERS.memberMode(reader, mode);
  const resetPassword = reset && VALUE_READERS.boolean(reader, reset);
  const defaults: ItemDefaults = {
    ...(memberMode !== undefined && { memberMode }),
    ...(resetPassword !== undefined && { resetPassword }),
  };
  const users = list('users', USER).map((item) => userAndReference(reader, item));
  const sqlPart = sql === undefined ? undefined : readSqlPart(reader, sql);
  const identities: Identities = {
    domains: list('domains', IDENTITY_LISTS.domains).map((item) => ({ enabled: true, ...item })),
    tenants: list('tenants', IDENTITY_LISTS.tenants).map((item) => ({ enabled: true, ...item })),
    users: users.map(({ user }) => user),
    roles: list('roles', IDENTITY_LISTS.roles),
    groups: list('groups', IDENTITY_LISTS.groups),
    grants: grantsWithHolder(reader, list('grants', GRANT)),
    ...(sqlPart === undefined ? {} : { sql: sqlPart }),
    remarks: remarks === undefined ? [] : (VALUE_READERS.texts(reader, remarks) ?? []),
  };
  const passwordReferences = users.flatMap(({ reference }) => reference ?? []);
  return { identities: withDefaults(identities, defaults), passwordReferences, defaults };
}

function topLevel(reader: YamlReader): readonly YamlPair[] {
  if (reader.isEmpty(reader.root)) return [];
  const pairs = reader.pairs(reader.root);
  if (pairs === undefined)
    reader.report(
      reader.position(reader.root),
      `the file must be a mapping with the keys ${IDENTITY_KEYS.join(', ')}`,
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
  const given = [rest.password, rest.passwordHash, passwordFile, passwordEnv].filter(
    (value) => value !== undefined,
  );
  if (given.length > 1)
    reader.report(
      item.source,
      'a user has one of "password", "password_hash", "password_file" and "password_env"',
    );
  if (reader.variables === undefined) refuseVariable(reader, item);
  const name = passwordFile ?? passwordEnv;
  if (name === undefined || given.length > 1) return { user };
  const from = passwordFile === undefined ? 'env' : 'file';
  const property = passwordFile === undefined ? 'passwordEnv' : 'passwordFile';
  return { user, reference: { user: user.name, from, name, at: positionOf(item, property) ?? item.source } };
}

/** What other tools expand, and here sample data alone may hold. */
const VARIABLE = /^\$\{(\w+)\}$/;

function refuseVariable(reader: YamlReader, item: Item<typeof USER.spec>): void {
  const [, name] = VARIABLE.exec(item.password?.reveal() ?? '') ?? [];
  if (name === undefined) return;
  const what = `\${${name}} would be the password itself: write "password_env: ${name}" for a variable`;
  reader.report(positionOf(item, 'password') ?? item.source, what);
}

function reading<S extends ItemSpec>(what: string, spec: S): ItemReading<S> {
  return { what, spec };
}

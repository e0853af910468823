import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Attributes, NewEntry } from '../../../src/directory/entry.ts';
import { sshaPassword } from '../../../src/directory/ssha-password.ts';
import { ownExternalDn } from '../../../src/sandbox/own-identity.ts';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../../src/sandbox/start-sandbox.ts';
import { Secret } from '../../../src/secret.ts';
import { addEntries } from '../add-entries.ts';
import { DisposableFolder } from '../disposable-folder.ts';
import { throwAwayCa } from '../throw-away-ca.ts';
import { onTestFinished } from 'vitest';

export const SUFFIX = 'dc=example,dc=com';
export const USERS = `ou=Users,${SUFFIX}`;
export const GROUPS = `ou=UserGroups,${SUFFIX}`;
export const ACCOUNT = `cn=keystone,${SUFFIX}`;
const PASSWORD = 'keystone-password';
const HASH = sshaPassword(new Secret('secret'));

export function user(uid: string, attributes: Attributes = {}, base = USERS): NewEntry {
  const usual = { cn: [uid], sn: [uid], uid: [uid], employeeType: ['TRUE'], userPassword: [HASH] };
  return {
    dn: `uid=${uid},${base}`,
    attributes: { objectClass: ['inetOrgPerson'], ...usual, ...attributes },
  };
}

export function group(cn: string, members: readonly string[], attributes: Attributes = {}): NewEntry {
  const usual = { objectClass: ['groupOfNames'], cn: [cn], member: members };
  return { dn: `cn=${cn},${GROUPS}`, attributes: { ...usual, ...attributes } };
}

export function folder(dn: string): NewEntry {
  return { dn, attributes: { objectClass: ['organizationalUnit'], ou: [/^ou=([^,]+)/.exec(dn)?.[1] ?? ''] } };
}

const ENTRIES: readonly NewEntry[] = [
  { dn: SUFFIX, attributes: { objectClass: ['organization', 'dcObject'], o: ['Example'], dc: ['example'] } },
  folder(USERS),
  folder(GROUPS),
  {
    dn: ACCOUNT,
    attributes: {
      objectClass: ['organizationalRole', 'simpleSecurityObject'],
      cn: ['keystone'],
      userPassword: [sshaPassword(new Secret(PASSWORD))],
    },
  },
  user('alice'),
  user('bob', { employeeType: ['FALSE'] }),
  group('staff', [`uid=alice,${USERS}`, `uid=bob,${USERS}`]),
];

/** What a database of the sandbox must say for everybody who may do all to stay so. */
export const MANAGED = `to * by dn.exact="${ownExternalDn()}" manage by * break`;
const BY_ACCOUNT = `by dn.exact="${ACCOUNT}"`;
export const AUTH = 'to attrs=userPassword by anonymous auth by * none';
export const READ = `to * ${BY_ACCOUNT} read by * none`;

const DATABASE: Attributes = {
  olcAccess: [MANAGED, AUTH, READ],
  olcLimits: [`dn.exact="${ACCOUNT}" size=unlimited`],
  olcDbIndex: ['objectClass,cn,uid,member eq'],
};

/** The options of `[ldap]`; `undefined` takes one out. */
export type LdapOptions = Readonly<Record<string, string | undefined>>;

export interface SoundOptions extends Pick<SandboxOptions, 'slapd'> {
  /** With it, the server has TLS, and keystone.conf uses StartTLS and the CA. */
  readonly certificate?: { readonly names?: string; readonly days?: number } | undefined;
  readonly database?: Attributes | undefined;
  readonly tuning?: Omit<NonNullable<SandboxOptions['tuning']>, 'database'> | undefined;
  readonly entries?: readonly NewEntry[] | undefined;
  /** `{uri}` and `{ca}` stand for those of the server. */
  readonly ldap?: LdapOptions | undefined;
}

export interface SoundKeystone extends AsyncDisposable {
  readonly server: Sandbox;
  readonly dir: string;
  readonly conf: string;
}

export function ldapSection({ uri }: Sandbox, changes: LdapOptions = {}): string {
  const usual: LdapOptions = {
    url: uri,
    user: ACCOUNT,
    password: PASSWORD,
    suffix: SUFFIX,
    user_id_attribute: 'uid',
    user_name_attribute: 'uid',
    group_name_attribute: 'cn',
    user_enabled_attribute: 'employeeType',
  };
  const options = Object.entries({ ...usual, ...changes }).filter(([, value]) => value !== undefined);
  return `[ldap]\n${options.map(([name, value]) => `${name} = ${value ?? ''}\n`).join('')}`;
}

/** A directory and a keystone.conf of Zed in which the doctor finds nothing, but for what the options change. */
export async function soundKeystone({
  slapd,
  certificate,
  ...changes
}: SoundOptions): Promise<SoundKeystone> {
  const { database, tuning, entries = [], ldap } = changes;
  const ca = certificate === undefined ? undefined : await throwAwayCa();
  if (ca !== undefined) onTestFinished(() => ca[Symbol.asyncDispose]());
  const tls = await ca?.issue(certificate?.names ?? '127.0.0.1', certificate?.days ?? 365);
  const server = await startSandbox({
    ...{ slapd, tls },
    tuning: { ...tuning, database: { ...DATABASE, ...database } },
  });
  await addEntries(server, [...ENTRIES, ...entries]);
  const dir = DisposableFolder.ofTest().path;
  const conf = join(dir, 'keystone.conf');
  const withTls = ca === undefined ? {} : { use_tls: 'true', tls_cacertfile: ca.ca };
  const section = ldapSection(server, { ...withTls, ...ldap })
    .replaceAll('{uri}', server.uri)
    .replaceAll('{ldaps}', server.ldapsUri ?? '')
    .replaceAll('{ca}', ca?.ca ?? '');
  await writeFile(conf, `[identity]\ndriver = ldap\n${section}`, { mode: 0o600 });
  return { server, dir, conf, [Symbol.asyncDispose]: () => server.stop() };
}

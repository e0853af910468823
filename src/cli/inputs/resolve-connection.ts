import { parseDn } from '../../directory/dn.ts';
import { parseLdapUri } from '../../directory/ldap-uri.ts';
import type { Credentials } from '../../directory/session.ts';
import { KeystoneLdapError } from '../../errors.ts';
import { readText } from '../../files.ts';
import type { Secret } from '../../secret.ts';
import type { Connection } from '../../system/connection.ts';
import type { ConfigConnectionFlags, ConnectionFlags } from '../flags/connection-flags.ts';
import type { Io } from '../terminal/io.ts';
import { ofFlag } from '../flags/of-flag.ts';
import { remark } from '../terminal/output.ts';
import { readSecret, type SecretSources } from '../terminal/read-secret.ts';

/** Who Keystone shall be to the server. */
export interface KeystoneAccount {
  readonly uri: string;
  readonly dn: string;
  readonly password: Secret;
}

/**
 * The connection that flags, environment and, on a terminal, the user's answers describe.
 * @throws `USAGE` naming the flag that is missing
 */
export async function resolveConnection(flags: ConnectionFlags, io: Io): Promise<Connection> {
  const uri = await resolveUri(flags, io);
  return await connectionTo(uri, await resolveCredentials(flags, uri, io), flags, io);
}

/** The same, asked for once, when it is first needed. */
export function lazyConnection(flags: ConnectionFlags, io: Io): () => Promise<Connection> {
  let connection: Promise<Connection> | undefined;
  return () => (connection ??= resolveConnection(flags, io));
}

/** The connection to a server that is known, with the TLS and patience that the flags ask for. */
export async function connectionTo(
  uri: string,
  credentials: Credentials,
  flags: ConnectionFlags,
  io: Io,
): Promise<Connection> {
  const ca = flags.caFile === undefined ? undefined : await readText(flags.caFile);
  return {
    waitMs: (flags.wait ?? 0) * 1000,
    options: {
      uri,
      credentials,
      signal: io.signal,
      onRemark: (text) => remark(io, `warning: ${text}`),
      ...(flags.startTls === undefined ? {} : { startTls: flags.startTls > 1 ? 'require' : 'try' }),
      ...(ca === undefined ? {} : { ca }),
      ...(flags.timeout === undefined ? {} : { timeoutMs: flags.timeout * 1000 }),
    },
  };
}

/**
 * The account with which Keystone itself is to bind: a DN and its password, whatever the scheme of the URI.
 * @throws `USAGE`
 */
export async function resolveKeystoneAccount(flags: ConnectionFlags, io: Io): Promise<KeystoneAccount> {
  if (flags.mechanism !== undefined)
    throw new KeystoneLdapError('USAGE', 'Keystone binds with a DN and a password; -Y cannot be given here.');
  const uri = await resolveUri(flags, io);
  const { dn, password } = await resolveSimple(flags, io);
  return { uri, dn, password };
}

/**
 * The password by the flags and the environment, and by a question only if a flag asks for one; `undefined` if none of
 * them has it.
 */
export async function offeredPassword(
  flags: ConnectionFlags,
  whose: string,
  io: Io,
): Promise<Secret | undefined> {
  const { passwordFile: file, promptPassword: prompt = false, passwordEnv } = flags;
  const variable = passwordEnv ?? BIND_SECRET.variable;
  const isOffered =
    file !== undefined || prompt || [variable, `${variable}_FILE`].some((name) => io.env[name]);
  return isOffered ? await readSecret({ ...BIND_SECRET, variable, file, prompt, whose }, io) : undefined;
}

/** The connection for cn=config: EXTERNAL over ldapi, else the same identity, unless told otherwise. */
export async function resolveConfigConnection(
  flags: ConfigConnectionFlags,
  directory: Connection,
  io: Io,
): Promise<Connection> {
  const uri = flags.configUri ?? directory.options.uri;
  const isLocal = ofFlag('--config-uri', () => parseLdapUri(uri)).scheme === 'ldapi';
  const credentials: Credentials =
    flags.configBindDn === undefined
      ? isLocal
        ? { kind: 'external' }
        : directory.options.credentials
      : await simpleBind(
          flags.configBindDn,
          {
            ...CONFIG_SECRET,
            variable: flags.configPasswordEnv ?? CONFIG_SECRET.variable,
            file: flags.configPasswordFile,
            prompt: false,
          },
          io,
        );
  return { ...directory, options: { ...directory.options, uri, credentials } };
}

/**
 * A stream ends at Ctrl-C by itself, once what is under way has its answers: the connection outlives it by so much, and
 * by no more, because a server may send without end.
 */
export function whileWritten(connection: Connection, stream: object | undefined): Connection {
  const { signal } = connection.options;
  if (stream === undefined || signal === undefined) return connection;
  const late = new AbortController();
  const abort = (): void => void setTimeout(() => late.abort(signal.reason), LAST_ANSWERS_MS).unref();
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return { ...connection, options: { ...connection.options, signal: late.signal } };
}

const LAST_ANSWERS_MS = 2000;

/** A value that no flag gave: from the user on a terminal, else an error that names the flag. */
export async function ask(io: Io, question: string, flag: string, initial?: string): Promise<string> {
  const answer = (await io.asker?.input(question, initial))?.trim();
  if (answer !== undefined && answer !== '') return answer;
  throw new KeystoneLdapError('USAGE', `${flag} is missing.`, {
    hint: 'Add --help for all flags and examples.',
  });
}

/** @throws `USAGE` naming the flag */
export function requireDn(flag: string, dn: string): string {
  ofFlag(flag, () => parseDn(dn));
  return dn;
}

export async function resolveUri(flags: ConnectionFlags, io: Io): Promise<string> {
  const uri =
    flags.uri ?? (await ask(io, 'Which server (LDAP URI)?', '-H URI (or KEYSTONE_LDAP_URI)', 'ldapi:///'));
  ofFlag('-H', () => parseLdapUri(uri));
  return uri;
}

async function resolveCredentials(flags: ConnectionFlags, uri: string, io: Io): Promise<Credentials> {
  const isLocal = parseLdapUri(uri).scheme === 'ldapi';
  if (flags.mechanism !== undefined && flags.bindDn !== undefined)
    throw new KeystoneLdapError('USAGE', '-Y EXTERNAL and -D cannot be given together.', {
      hint: 'With EXTERNAL the connection identifies you; use -D only for a bind with a password.',
    });
  if (flags.mechanism === undefined && flags.bindDn === undefined && flags.simple === true)
    return { kind: 'anonymous' };
  if (flags.mechanism !== undefined || (isLocal && flags.bindDn === undefined)) return { kind: 'external' };
  return await resolveSimple(flags, io);
}

export async function resolveSimple(flags: ConnectionFlags, io: Io): Promise<SimpleCredentials> {
  const dn = flags.bindDn ?? (await ask(io, 'Bind as which DN?', '-D DN (or KEYSTONE_LDAP_BIND_DN)'));
  const source = {
    ...BIND_SECRET,
    variable: flags.passwordEnv ?? BIND_SECRET.variable,
    file: flags.passwordFile,
    prompt: flags.promptPassword === true,
  };
  return await simpleBind(dn, source, io);
}

type SimpleCredentials = Extract<Credentials, { readonly kind: 'simple' }>;

async function simpleBind(
  dn: string,
  source: Omit<SecretSources, 'whose'> & { dnFlag: string },
  io: Io,
): Promise<SimpleCredentials> {
  requireDn(source.dnFlag, dn);
  return { kind: 'simple', dn, password: await readSecret({ ...source, whose: dn }, io) };
}

const BIND_SECRET = { flag: '-y', variable: 'KEYSTONE_LDAP_PASSWORD', dnFlag: '-D' };
const CONFIG_SECRET = {
  flag: '--config-password-file',
  variable: 'KEYSTONE_LDAP_CONFIG_PASSWORD',
  dnFlag: '--config-bind-dn',
};

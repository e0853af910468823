import { equalDn, isDn } from '../../directory/dn.ts';
import { KeystoneLdapError } from '../../errors.ts';
import type { Assumed } from '../../keystone-conf/kept-setting.ts';
import type { OwnSettings } from '../../keystone-conf/own-settings.ts';
import type { ConfSettings } from '../../plan/conf/plan-conf.ts';
import type { IsMeant } from '../flags/command-context.ts';
import type { ConnectionFlags } from '../flags/connection-flags.ts';
import type { Io } from '../terminal/io.ts';
import {
  offeredPassword,
  requireDn,
  resolveSimple,
  type KeystoneAccount,
} from '../inputs/resolve-connection.ts';

/** The account for keystone.conf, and which part of it nobody gave. */
export interface ConfAccount extends Pick<ConfSettings, 'user' | 'password'> {
  readonly assumed: Assumed;
}

/** The account that a declaration describes, known before keystone.conf is looked at. */
export interface DeclaredAccount extends Pick<KeystoneAccount, 'dn' | 'password'> {
  /** Set if the declaration names nobody for Keystone: whose account this is instead. */
  readonly origin?: string | undefined;
}

/**
 * As whom Keystone is to bind. Somebody who is named replaces the account of the file; the environment only fills in
 * where the file has none, and then a terminal is asked for the rest.
 * @throws `USAGE`
 */
export async function resolveConfAccount(
  flags: ConnectionFlags & { readonly accountOrigin?: string },
  { own, isMeant, declared }: AccountContext,
  io: Io,
): Promise<ConfAccount> {
  if (flags.mechanism !== undefined)
    throw new KeystoneLdapError('USAGE', 'Keystone binds with a DN and a password; -Y cannot be given here.');
  if (declared !== undefined) return declaredAccount(declared);
  const { accountOrigin: origin } = flags;
  const isPasswordMeant = origin === undefined && PASSWORD_FLAGS.some(isMeant);
  if (origin === undefined && isMeant('bindDn') && flags.bindDn !== undefined)
    return await namedAccount({ ...flags, bindDn: flags.bindDn }, own, isPasswordMeant, io);
  if (!own.hasAccount) return await newAccount(flags, io);
  if (isPasswordMeant) return await newPassword(flags, own, io);
  return await offeredAccount(flags, own, origin ?? BIND_DN, io);
}

export interface AccountContext {
  readonly own: OwnSettings;
  readonly isMeant: IsMeant;
  readonly declared?: DeclaredAccount | undefined;
}

const PASSWORD_FLAGS = ['passwordFile', 'promptPassword', 'passwordEnv'];
const BIND_DN = 'KEYSTONE_LDAP_BIND_DN';

function declaredAccount({ dn: user, password, origin }: DeclaredAccount): ConfAccount {
  return { user, password, assumed: origin === undefined ? {} : { user: origin, password: origin } };
}

/**
 * Of the account that the file has already, the password stays unless one comes with it: by a flag, or by the
 * environment if that names nobody else.
 */
async function namedAccount(
  flags: ConnectionFlags & { readonly bindDn: string },
  own: OwnSettings,
  isPasswordMeant: boolean,
  io: Io,
): Promise<ConfAccount> {
  const user = requireDn('-D', flags.bindDn);
  if (isPasswordMeant || own.password === undefined || !isSame(own.user, user)) {
    const { dn, password } = await resolveSimple(flags, io);
    return { user: dn, password, assumed: {} };
  }
  const password = await offeredPassword(flags, user, io);
  const other = io.env[BIND_DN] ?? '';
  const isOfOther = other !== '' && !isSame(other, user);
  const assumed: Assumed = isOfOther ? { password: 'KEYSTONE_LDAP_PASSWORD' } : {};
  return { user, ...(password && { password }), assumed };
}

async function newAccount(flags: ConnectionFlags, io: Io): Promise<ConfAccount> {
  const { dn, password } = await resolveSimple(flags, io);
  return { user: dn, password, assumed: {} };
}

/** Another password for the account that the file has. @throws `USAGE` where it may be that of somebody else */
async function newPassword(flags: ConnectionFlags, own: OwnSettings, io: Io): Promise<ConfAccount> {
  const { bindDn } = flags;
  const whose = own.user ?? '';
  if (whose === '' || (bindDn !== undefined && !isSame(whose, bindDn)))
    throw new KeystoneLdapError(
      'USAGE',
      `Whose password is it? keystone.conf has ${whose === '' ? 'no account' : whose}${bindDn === undefined ? '' : `, and ${BIND_DN} names ${bindDn}`}.`,
      { hint: 'Name the account with -D.' },
    );
  const password = await offeredPassword(flags, whose, io);
  return { ...(password && { password }), assumed: {} };
}

/** What the environment has is compared with the file, and changes nothing. */
async function offeredAccount(
  flags: ConnectionFlags,
  own: OwnSettings,
  origin: string,
  io: Io,
): Promise<ConfAccount> {
  const { bindDn } = flags;
  const isOther = bindDn !== undefined && !isSame(own.user, bindDn);
  const password = isOther ? undefined : await offeredPassword(flags, own.user ?? '', io);
  return {
    ...(isOther && { user: bindDn }),
    ...(password && { password }),
    assumed: { user: origin, password: origin === BIND_DN ? 'KEYSTONE_LDAP_PASSWORD' : origin },
  };
}

function isSame(a: string | undefined, b: string): boolean {
  return a !== undefined && (a === b || (isDn(a) && isDn(b) && equalDn(a, b)));
}

import { POLICY_CONTROL, type PolicyError } from '../directory/password-policy-control.ts';
import type { Session, SessionOptions } from '../directory/session.ts';
import { openSession } from '../directory/open-session.ts';
import { valuesOf } from '../directory/entry.ts';
import { KeystoneLdapError } from '../errors.ts';
import type { Secret } from '../secret.ts';

/** What came of a bind as the user. Keystone takes every refusal, for whatever reason, for a wrong password: HTTP 401. */
export interface BindAnswer {
  readonly refusal: string | undefined;
  /** What the server demands besides, and Keystone does not look at. */
  readonly remark?: string | undefined;
}

/**
 * Binds as the user, as Keystone does.
 * @throws where the server cannot be reached, so that nobody knows its answer
 */
export async function bindAsUser(
  { dn, password }: { readonly dn: string; readonly password: Secret },
  session: Session,
  server: Omit<SessionOptions, 'credentials'>,
): Promise<BindAnswer> {
  let policy: PolicyError | undefined;
  const onPolicy = (error: PolicyError): void => void (policy = error);
  try {
    const asked = (await offersPolicy(session)) ? { onPolicy } : {};
    const bound = await openSession({ ...server, ...asked, credentials: { kind: 'simple', dn, password } });
    await bound[Symbol.asyncDispose]();
  } catch (error) {
    if (!(error instanceof KeystoneLdapError) || error.resultCode === undefined) throw error;
    return { refusal: await reasonOf(error, policy, () => lockOf(session, dn)) };
  }
  return { refusal: undefined, remark: policy === undefined ? undefined : POLICY[policy] };
}

/** Servers that do not know the control are not to meet it: some break on it. */
async function offersPolicy(session: Session): Promise<boolean> {
  const root = await session.read('', ['supportedControl']);
  return root !== undefined && valuesOf(root, 'supportedControl').includes(POLICY_CONTROL);
}

const INVALID_CREDENTIALS = 49;

async function reasonOf(
  { resultCode, diagnostic = '', message }: KeystoneLdapError,
  policy: PolicyError | undefined,
  lock: () => Promise<string | undefined>,
): Promise<string> {
  if (policy !== undefined) return POLICY[policy] ?? policy;
  const code = /\bdata ([0-9a-f]{3,4})\b/i.exec(diagnostic)?.[1]?.toLowerCase();
  const known = code === undefined ? undefined : ACTIVE_DIRECTORY[code];
  if (known !== undefined) return known;
  if (resultCode !== INVALID_CREDENTIALS) return message.replace(/\.$/, '');
  const said = diagnostic === '' ? [] : [`the server says: ${diagnostic}`];
  const locked = await lock();
  return [`wrong password${locked === undefined ? '' : `, or ${locked}`}`, ...said].join('; ');
}

const POLICY: Readonly<Partial<Record<PolicyError, string>>> = {
  passwordExpired: 'the password has expired, says the server',
  accountLocked: 'the account is locked, says the server',
  changeAfterReset: 'the password must be changed first, says the server',
};

/** What Active Directory says behind `data`, a Windows error code in hexadecimal, when it refuses a bind. */
const ACTIVE_DIRECTORY: Readonly<Record<string, string>> = {
  '525': 'Active Directory does not know the user (data 525)',
  '52e': 'wrong password',
  '530': 'Active Directory does not let the user in at this time (data 530)',
  '531': 'Active Directory does not let the user in from this machine (data 531)',
  '532': 'the password has expired, says Active Directory (data 532)',
  '533': 'the account is disabled, says Active Directory (data 533)',
  '568': 'the user is in too many groups for Active Directory (data 568)',
  '701': 'the account has expired, says Active Directory (data 701)',
  '773': 'the password must be changed first, says Active Directory (data 773)',
  '775': 'the account is locked, says Active Directory (data 775)',
};

/** OpenLDAP tells nobody that an account is locked, unless `olcPPolicyUseLockout` is on; the entry may. */
async function lockOf(session: Session, dn: string): Promise<string | undefined> {
  const entry = await session.read(dn, LOCK_ATTRIBUTES);
  for (const attribute of LOCK_ATTRIBUTES) {
    const [value] = entry === undefined ? [] : valuesOf(entry, attribute);
    if (value !== undefined) return `the account is locked (${attribute} is ${value})`;
  }
  return undefined;
}

const LOCK_ATTRIBUTES = ['pwdAccountLockedTime', 'accountUnlockTime'];

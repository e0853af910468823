import { hasObjectClass, valuesOf, type Entry } from '../../directory/entry.ts';
import { sshaPassword, verifySshaPassword } from '../../directory/ssha-password.ts';
import { KeystoneLdapError } from '../../errors.ts';
import { Secret } from '../../secret.ts';
import type { AddEntry, Change, SetPassword } from '../change.ts';
import { observeSchema } from '../schema/observe-schema.ts';
import type { SchemaPorts } from '../schema/schema-target.ts';
import { serviceAccountEntry } from './service-account-entry.ts';

/** The account with which Keystone is to bind. */
export interface ServiceAccountTarget {
  readonly dn: string;
  readonly password: Secret;
  /** Whether another password that the account has is written over. */
  readonly resetPassword: boolean;
  /** Whether the rules and limits in cn=config are seen to; `false` where they are kept by hand. */
  readonly access: boolean;
}

export interface ServiceAccountPorts extends SchemaPorts {
  /** Whether the server lets this DN in with this password; asked where the stored form does not tell. */
  readonly canBind: (dn: string, password: Secret) => Promise<boolean>;
}

/**
 * What makes the account: a new entry, or the password of one that has none. All else of an entry that exists stays.
 * @throws `AUTH_FAILED` where it has another password that may not be replaced, `INPUT_INVALID`
 */
export async function planServiceAccount(
  ports: ServiceAccountPorts,
  target: ServiceAccountTarget,
): Promise<readonly Change[]> {
  const { dn, password, resetPassword } = target;
  const observed = await ports.directory.read(dn, ['objectClass', 'userPassword']);
  if (observed === undefined) return [await newAccount(ports, target)];
  const has = await heldPassword(observed, password, ports);
  if (has === 'this') return [];
  if (has === 'none' || resetPassword) return [passwordChange(observed, password)];
  throw new KeystoneLdapError('AUTH_FAILED', `${dn} exists and has another password.`, {
    hint: 'Give the password that it has with --service-password-file, or add --reset-passwords to replace it.',
  });
}

async function newAccount(
  { directory }: ServiceAccountPorts,
  { dn, password }: ServiceAccountTarget,
): Promise<AddEntry> {
  const schema = await observeSchema(directory);
  const classes = schema.filter(({ element }) => element === 'objectClass').flatMap(({ names }) => names);
  const attributes = serviceAccountEntry(dn, new Set(classes.map((name) => name.toLowerCase())));
  return {
    kind: 'add-entry',
    dn,
    label: LABEL,
    attributes: { ...attributes, userPassword: [stored(password)] },
  };
}

function passwordChange(account: Entry, password: Secret): SetPassword {
  const from = valuesOf(account, 'userPassword').map((value) => new Secret(value));
  return { kind: 'set-password', dn: account.dn, label: LABEL, values: [stored(password)], from };
}

/** A `simpleSecurityObject` has a password, also where this identity may not see it. */
async function heldPassword(
  entry: Entry,
  password: Secret,
  { canBind }: ServiceAccountPorts,
): Promise<'this' | 'other' | 'none'> {
  const values = valuesOf(entry, 'userPassword');
  if (values.some((value) => value === password.reveal() || verifySshaPassword(password, new Secret(value))))
    return 'this';
  if (values.length === 0 && !hasObjectClass(entry, 'simpleSecurityObject')) return 'none';
  const isTold = values.length > 0 && values.every((value) => !/^\{(?!S?SHA\})/i.test(value));
  return !isTold && (await canBind(entry.dn, password)) ? 'this' : 'other';
}

function stored(password: Secret): Secret {
  return new Secret(sshaPassword(password));
}

const LABEL = 'service account';

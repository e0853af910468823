import type { Layout, LegacyBehaviour } from '../../releases/release.ts';
import type { Domain, Identities, User } from '../identities.ts';
import type { NameFault } from './name-fault.ts';
import { readByKeystone } from './number-like.ts';
import { storableHash } from '../passwords/storable-hash.ts';
import { positionOf, type Position } from '../read/source.ts';

/** What the values beside the name cannot be, or what they come back as. */
export function checkValues(identities: Identities, context: PasswordContext): NameFault[] {
  return [
    ...otherValues(identities).flatMap(checkValue),
    ...identities.users.flatMap((user) => checkPassword(user, context)),
  ];
}

/** What decides about passwords. */
export interface PasswordContext {
  readonly layout: Layout;
  readonly legacy?: LegacyBehaviour | undefined;
}

interface Value {
  readonly subject: string;
  readonly text: string | undefined;
  readonly at: Position | undefined;
  /** `mail` and `serviceId` have IA5 String syntax (RFC 4517 section 3.3.15). */
  readonly asciiOnly: boolean;
}

function otherValues({ domains, tenants, users, roles }: Identities): Value[] {
  const description = (kind: string, item: Domain): Value => ({
    subject: `the description of ${kind} "${item.name}"`,
    text: item.description,
    at: positionOf(item, 'description'),
    asciiOnly: false,
  });
  return [
    ...domains.map((domain) => description('domain', domain)),
    ...tenants.map((tenant) => description('tenant', tenant)),
    ...users.map((user) => ({
      subject: `the email of user "${user.name}"`,
      text: user.email,
      at: positionOf(user, 'email'),
      asciiOnly: true,
    })),
    ...roles.flatMap((role) => [
      {
        subject: `the description of role "${role.name}"`,
        text: role.description,
        at: positionOf(role, 'description'),
        asciiOnly: false,
      },
      {
        subject: `the service of role "${role.name}"`,
        text: role.service,
        at: positionOf(role, 'service'),
        asciiOnly: true,
      },
    ]),
  ];
}

function checkValue({ subject, text, at, asciiOnly }: Value): NameFault[] {
  if (text === undefined) return [];
  if (asciiOnly && /\P{ASCII}/u.test(text))
    return [
      {
        code: 'VALUE_NOT_ASCII',
        severity: 'impossible',
        at,
        message: `${subject} is not ASCII: the directory would refuse it`,
      },
    ];
  const kind = readByKeystone(text);
  if (kind === undefined) return [];
  return [
    {
      code: 'VALUE_READ_AS_NUMBER',
      severity: 'remark',
      at,
      message: `${subject} is read by Keystone as ${kind} and may be shown otherwise`,
    },
  ];
}

function checkPassword(user: User, context: PasswordContext): NameFault[] {
  const subject = `user "${user.name}"`;
  const { layout } = context;
  if (user.password === undefined) {
    if (storableHash(user.passwordHash, layout.user.password) !== undefined) return [];
    const answer =
      layout.user.password === 'sha512-crypt' ? 'ends with HTTP 500 instead of a refusal' : 'is refused';
    return [
      {
        code: 'PASSWORD_MISSING',
        severity: 'remark',
        at: positionOf(user, 'name'),
        message: `${subject} has no password${user.passwordHash === undefined ? '' : ' whose hash this release can check'}: a login ${answer}`,
      },
    ];
  }
  if (user.password.reveal() !== '') return unusablePassword(user, context);
  return [
    {
      code: 'PASSWORD_EMPTY',
      severity: 'unsafe',
      at: positionOf(user, 'password'),
      message: `${subject} has an empty password: Keystone accepts no login with one`,
    },
  ];
}

/** Passwords with which nobody gets in, whatever is stored. */
function unusablePassword(user: User, { layout, legacy }: PasswordContext): NameFault[] {
  const password = user.password?.reveal() ?? '';
  const subject = `the password of user "${user.name}"`;
  const at = positionOf(user, 'password');
  if (legacy !== undefined && legacy.nonAsciiPassword !== 'let in' && /\P{ASCII}/u.test(password)) {
    const message = `${subject} is not ASCII: every login with it ends in ${legacy.nonAsciiPassword}`;
    return [{ code: 'PASSWORD_NOT_ASCII', severity: 'unsafe', at, message }];
  }
  const readAs = layout.user.password === 'compared' ? readByKeystone(password) : undefined;
  if (readAs === undefined) return [];
  const message = `${subject} is read by Keystone as ${readAs}, which no password equals: every login is refused`;
  return [{ code: 'PASSWORD_READ_AS_NUMBER', severity: 'unsafe', at, message }];
}

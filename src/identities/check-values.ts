import type { Layout } from '../releases/release.ts';
import type { Domain, Identities, User } from './identities.ts';
import type { NameFault } from './name-fault.ts';
import { readByKeystone } from './number-like.ts';
import { storableHash } from './storable-hash.ts';
import { positionOf, type Position } from './source.ts';

/** What the values beside the name cannot be, or what they come back as. */
export function checkValues(identities: Identities, layout: Layout): NameFault[] {
  return [
    ...otherValues(identities).flatMap(checkValue),
    ...identities.users.flatMap((user) => checkPassword(user, layout)),
  ];
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

function checkPassword(user: User, layout: Layout): NameFault[] {
  const subject = `user "${user.name}"`;
  if (user.password === undefined) {
    if (storableHash(user.passwordHash, layout.user.password) !== undefined) return [];
    const answer =
      layout.user.password === 'clear' ? 'is refused' : 'ends with HTTP 500 instead of a refusal';
    return [
      {
        code: 'PASSWORD_MISSING',
        severity: 'remark',
        at: positionOf(user, 'name'),
        message: `${subject} has no password${user.passwordHash === undefined ? '' : ' whose hash this release can check'}: a login ${answer}`,
      },
    ];
  }
  if (user.password.reveal() !== '') return [];
  return [
    {
      code: 'PASSWORD_EMPTY',
      severity: 'unsafe',
      at: positionOf(user, 'password'),
      message: `${subject} has an empty password: Keystone accepts no login with one`,
    },
  ];
}

import fc, { type Arbitrary } from 'fast-check';
import { childDn } from '../../src/directory/dn.ts';
import { arbitraryOptions } from './arbitrary-options.ts';
import { PASSWORD, SUFFIX, type TwinCase, type TwinEntry } from './twin-case.ts';

type Values = Readonly<Record<string, readonly string[] | undefined>>;

const PLAIN = ['alice', 'bob', 'carol', 'dave', 'eve', 'frank', 'grace', 'heidi'];
const ODD = [
  'a,b',
  'x+y',
  'Ünal',
  '(par)',
  'st*r',
  'back\\slash',
  '"quoted"',
  '#hash',
  'a=b',
  'semi;colon',
  '<angle>',
  'two  blanks',
  '0042',
  'TRUE',
  'l'.repeat(70),
];

const sometimes = <T>(value: Arbitrary<T>, weight = 2): Arbitrary<T | undefined> =>
  fc.oneof({ weight, arbitrary: value }, { weight: 1, arbitrary: fc.constant(undefined) });

const name = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...PLAIN) },
  { weight: 1, arbitrary: fc.constantFrom(...ODD) },
);
const text = fc.oneof(
  { weight: 6, arbitrary: name },
  { weight: 1, arbitrary: fc.constantFrom(' ', 'Smith', ' lead', '\u00a0') },
);
const texts = fc.oneof(
  { weight: 4, arbitrary: text.map((one) => [one]) },
  { weight: 1, arbitrary: fc.uniqueArray(text, { minLength: 2, maxLength: 2 }) },
);

/** The server refuses values that only differ in case or blanks. */
const unlike = (values: readonly string[]): readonly string[] => [
  ...new Map(values.map((value) => [value.toLowerCase().replaceAll(/\s/g, ''), value])).values(),
];

const attributesOf = (values: Values): TwinEntry['attributes'] =>
  Object.fromEntries(
    Object.entries(values).flatMap(([key, found]) =>
      found === undefined || found.length === 0 ? [] : [[key, unlike(found)]],
    ),
  );

/** The place of an entry: in the tree, below a unit in it, or in the other tree. */
const place = (tree: string): Arbitrary<string> =>
  fc.oneof(
    { weight: 8, arbitrary: fc.constant(`${tree},${SUFFIX}`) },
    { weight: 1, arbitrary: fc.constantFrom(`ou=Deep,${tree},${SUFFIX}`, `ou=People,${SUFFIX}`) },
  );

const USER_CLASSES = ['inetOrgPerson', 'inetOrgPerson', 'inetOrgPerson', 'person', 'account', 'device'];

const user: Arbitrary<TwinEntry> = fc
  .record({
    rdn: fc.constantFrom('cn', 'cn', 'uid', 'uid', 'CN', 'mail', 'cn+uid'),
    where: place('ou=Users'),
    marker: fc.constantFrom(...USER_CLASSES),
    name,
    cn: sometimes(texts, 4),
    sn: texts,
    uid: sometimes(texts, 4),
    mail: sometimes(fc.constantFrom(['a@example.com'], ['b@example.com', 'c@example.com'])),
    ou: sometimes(texts, 1),
    description: sometimes(fc.constantFrom(['some'], ['TRUE'], ['FALSE'], ['1'], ['512'], [' 7 ']), 1),
    enabled: sometimes(
      fc.constantFrom(['TRUE'], ['FALSE'], ['true'], ['0'], ['7'], ['no'], ['FALSE', 'TRUE']),
      1,
    ),
    accountLocked: sometimes(fc.constantFrom(['TRUE'], ['FALSE']), 1),
    accountControl: sometimes(fc.constantFrom(['512'], ['514'], ['0'], ['-1'], ['2']), 1),
    hasPassword: fc.constantFrom(true, true, true, undefined),
  })
  .map(({ rdn, where, marker, name: own, hasPassword, ...values }): TwinEntry => {
    const [type = 'cn'] = rdn.split('+');
    const isPerson = marker === 'inetOrgPerson' || marker === 'person';
    const attributes = attributesOf({
      objectClass: [marker, 'twinObject'],
      ...values,
      cn: isPerson || marker === 'device' || values.cn ? [...(values.cn ?? []), own].slice(0, 2) : undefined,
      sn: values.sn,
      userPassword: hasPassword && [PASSWORD],
    });
    const withName = {
      ...attributes,
      [type.toLowerCase()]: unlike([...(attributes[type.toLowerCase()] ?? []), own]),
      ...(rdn === 'cn+uid' && { uid: unlike([...(attributes['uid'] ?? []), 'second']) }),
    };
    const dn = childDn(type, own, where);
    return {
      dn: rdn === 'cn+uid' ? dn.replace(`,${where}`, `+uid=second,${where}`) : dn,
      attributes: withName,
    };
  });

const GROUP_CLASSES = [
  'groupOfNames',
  'groupOfNames',
  'groupOfNames',
  'groupOfUniqueNames',
  'posixGroup',
  'organizationalRole',
];

/** Members by what is there: DNs of it in several spellings, names, and what is neither. */
const memberOf = (dns: readonly string[]): Arbitrary<string> => {
  const known = fc.constantFrom(...dns, `cn=nobody,ou=Users,${SUFFIX}`);
  return fc.oneof(
    { weight: 8, arbitrary: known },
    { weight: 1, arbitrary: known.map((dn) => dn.toUpperCase()) },
    { weight: 1, arbitrary: known.map((dn) => dn.replaceAll(/(?<!\\),/g, ' , ')) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('', 'cn=dumb,dc=nonexistent', `uid=nobody,ou=Users,${SUFFIX}`, SUFFIX),
    },
  );
};

const group = (users: readonly TwinEntry[]): Arbitrary<TwinEntry> => {
  const dns = users.map(({ dn }) => dn);
  const inGroups = [...dns, `cn=team,ou=UserGroups,${SUFFIX}`];
  const members = fc.uniqueArray(memberOf(inGroups), { minLength: 1, maxLength: 5, size: 'max' });
  return fc
    .record({
      rdn: fc.constantFrom('cn', 'cn', 'cn', 'ou'),
      where: place('ou=UserGroups'),
      marker: fc.constantFrom(...GROUP_CLASSES),
      name: fc.oneof(
        { weight: 2, arbitrary: fc.constantFrom('team', 'ops', 'all', 'devs') },
        { weight: 1, arbitrary: name },
      ),
      cn: sometimes(texts, 1),
      ou: sometimes(texts, 4),
      description: sometimes(fc.constant(['some'])),
      member: members,
      uniqueMember: members,
      memberUid: sometimes(fc.uniqueArray(name, { minLength: 1, maxLength: 3 })),
    })
    .map(({ rdn, where, marker, name: own, ...values }): TwinEntry => {
      const attributes = attributesOf({
        objectClass: [marker, 'twinObject'],
        ...values,
        gidNumber: marker === 'posixGroup' ? ['100'] : undefined,
        cn: [...(values.cn ?? []), own].slice(0, 2),
        member: marker === 'groupOfNames' ? values.member : undefined,
        uniqueMember: marker === 'groupOfUniqueNames' ? values.uniqueMember : undefined,
        memberUid: marker === 'posixGroup' ? values.memberUid : undefined,
        roleOccupant: marker === 'organizationalRole' ? values.member.filter((dn) => dn !== '') : undefined,
      });
      return {
        dn: childDn(rdn, own, where),
        attributes: { ...attributes, [rdn]: unlike([...(attributes[rdn] ?? []), own]) },
      };
    });
};

const enabledGroup = (users: readonly TwinEntry[]): Arbitrary<TwinEntry> =>
  fc
    .record({
      dn: fc.constantFrom(`cn=enabled_users,ou=Users,${SUFFIX}`, `cn=enabled,ou=UserGroups,${SUFFIX}`),
      member: fc.uniqueArray(memberOf(users.map(({ dn }) => dn)), { minLength: 1, maxLength: 8 }),
      sn: sometimes(fc.constant(['Enabled'])),
      marker: fc.constantFrom('groupOfNames', 'groupOfNames', 'groupOfUniqueNames'),
    })
    .map(({ dn, member, sn, marker }) => ({
      dn,
      attributes: attributesOf({
        objectClass: [marker, 'twinObject'],
        cn: [dn.slice(3, dn.indexOf(','))],
        [marker === 'groupOfNames' ? 'member' : 'uniqueMember']: member,
        sn,
      }),
    }));

const directory: Arbitrary<readonly TwinEntry[]> = fc
  .uniqueArray(user, { maxLength: 10, size: 'max', selector: ({ dn }) => dn.toLowerCase() })
  .chain((users) =>
    fc.record({
      users: fc.constant(users),
      groups: fc.uniqueArray(group(users), {
        maxLength: 5,
        size: 'max',
        selector: ({ dn }) => dn.toLowerCase(),
      }),
      enabled: sometimes(enabledGroup(users), 1),
    }),
  )
  .map(({ users, groups, enabled }) => [...users, ...groups, ...(enabled === undefined ? [] : [enabled])]);

export const arbitraryCase: Arbitrary<TwinCase> = fc.record({
  entries: directory,
  options: arbitraryOptions,
  driver: fc.oneof(
    { weight: 60, arbitrary: fc.constant('ldap') },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '"ldap"',
        'LDAP',
        'ldap  # directory',
        'ldap3',
        'keystone.identity.backends.ldap.Identity',
      ),
    },
  ),
});

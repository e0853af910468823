import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatLdif } from '../../../src/directory/format-ldif.ts';
import { parseLdif } from '../../../src/directory/ldif.ts';
import { KeystoneLdapError, type Problem } from '../../../src/errors.ts';
import { csvUsers } from '../../../src/identities/users/csv-users.ts';
import { usersUpTo } from '../../../src/identities/users/gather-users.ts';
import { generatedPeople, parseGenerate } from '../../../src/identities/users/generated-people.ts';
import type { User } from '../../../src/identities/identities.ts';
import { ldifUsers } from '../../../src/identities/users/ldif-users.ts';
import type { UserSource } from '../../../src/identities/users/user-source.ts';

/** A file that arrives in pieces of these sizes, over and over. */
function inPieces(text: string, sizes: readonly number[]) {
  const bytes = Buffer.from(text);
  return async function* () {
    for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
      const size = sizes[turn % sizes.length] ?? 1;
      yield await Promise.resolve(bytes.subarray(at, at + size));
      at += size;
    }
  };
}

async function all(source: UserSource): Promise<{ users: User[]; problems: Problem[] }> {
  const [users, problems]: [User[], Problem[]] = [[], []];
  for await (const some of source.users((problem) => void problems.push(problem))) users.push(...some);
  return { users, problems };
}

const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((one) => !/\p{Cc}/u.test(one));
const person = fc.record({ name: text, email: fc.option(text, { nil: undefined }), enabled: fc.boolean() });
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });

test('users of a CSV file are its rows, wherever the pieces are cut', async () => {
  const quoted = (value: string): string => `"${value.replaceAll('"', '""')}"`;
  await fc.assert(
    fc.asyncProperty(fc.array(person, { maxLength: 8 }), sizes, async (people, cuts) => {
      const rows = people.map(({ name, email, enabled }) => [
        quoted(name),
        email === undefined ? '' : quoted(email),
        enabled,
      ]);
      const source = csvUsers('users.csv', inPieces(['name,email,enabled', ...rows, ''].join('\n'), cuts));
      const { users, problems } = await all(source);
      expect(problems).toEqual([]);
      expect(users.map(({ name, email, enabled }) => ({ name, email, enabled }))).toEqual(people);
      expect(users.map(({ source: at }) => at?.line)).toEqual(people.map((_, index) => index + 2));
    }),
    { numRuns: 60 },
  );
});

test('people of an LDIF file are those of its records, with their lines, wherever the pieces are cut', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(person, { maxLength: 8 }), sizes, async (people, cuts) => {
      const ldif = formatLdif(
        people.map(({ name, email, enabled }, at) => ({
          dn: `cn=${at},dc=old`,
          attributes: {
            objectClass: ['inetOrgPerson'],
            uid: [name],
            ...(email === undefined ? {} : { mail: [email] }),
            nsAccountLock: [enabled ? 'FALSE' : 'TRUE'],
          },
        })),
      );
      const { users, problems } = await all(ldifUsers('old.ldif', inPieces(ldif, cuts)));
      expect(problems).toEqual([]);
      expect(users.map(({ name, email, enabled }) => ({ name, email, enabled }))).toEqual(people);
      expect(users.map(({ source }) => source?.line)).toEqual(parseLdif(ldif).map(({ line }) => line));
    }),
    { numRuns: 60 },
  );
});

test('faults of an LDIF file are told with their lines, and the rest is read', async () => {
  const ldif =
    'version: 1\n\ndn: cn=a,dc=x\nobjectClass: person\nuid: a\n\ndn: cn=b\nobjectClass person\n\ndn: ou=x\nobjectClass: organizationalUnit\n\ndn: cn=c\nobjectClass: person\nuserPassword:: AAE=\n';
  const { users, problems } = await all(ldifUsers('old.ldif', inPieces(ldif, [7])));
  expect(users.map(({ name }) => name)).toEqual(['a']);
  expect(problems.map(({ line }) => line)).toEqual([8, 13]);
});

test('a CSV file whose columns are not known is refused, with all of them', async () => {
  const source = csvUsers('users.csv', inPieces('nmae,mail,email,email\n', [9]));
  const refused = all(source).catch((error: unknown) => error);
  expect(await refused).toBeInstanceOf(KeystoneLdapError);
  expect(((await refused) as KeystoneLdapError).problems.map(({ message }) => message)).toEqual([
    'unknown column "nmae"; did you mean "name"?',
    'unknown column "mail"; did you mean "email"?',
    'there is no column "name"',
    'column "email" is listed twice',
  ]);
});

test.each([',', ';', '\t'])('fields parted by %j are told by the names of the columns', async (delimiter) => {
  const cell = fc.oneof(text, fc.constantFrom('a;b', 'a,b', '"', 'x y'));
  const quoted = (value: string): string => `"${value.replaceAll('"', '""')}"`;
  await fc.assert(
    fc.asyncProperty(
      fc.array(cell, { minLength: 1, maxLength: 5 }),
      fc.boolean(),
      sizes,
      async (names, sep, cuts) => {
        const head = [...(sep ? [`sep=${delimiter}`] : []), ['Name', '"description"'].join(delimiter)];
        const rows = names.map((name) => [quoted(name), quoted(`of ${name}`)].join(delimiter));
        const { users, problems } = await all(
          csvUsers('u.csv', inPieces([...head, ...rows, ''].join('\r\n'), cuts)),
        );
        expect(problems).toEqual([]);
        expect(users.map(({ name, description }) => [name, description])).toEqual(
          names.map((name) => [name, `of ${name}`]),
        );
        expect(users[0]?.source?.line).toBe(head.length + 1);
      },
    ),
    { numRuns: 40 },
  );
});

test('the UTF-16 that Excel calls Unicode text is read', async () => {
  const bytes = Buffer.from('\ufeffname\temail\r\njürg\tj@x\r\n', 'utf16le');
  const { users, problems } = await all(
    csvUsers('u.csv', async function* () {
      yield await Promise.resolve(bytes.subarray(0, 5));
      yield bytes.subarray(5);
    }),
  );
  expect(problems).toEqual([]);
  expect(users).toMatchObject([{ name: 'jürg', email: 'j@x' }]);
});

test('the columns of LDAP Account Manager are named as what they are', async () => {
  const csv = '"dn_suffix";"dn_rdn";"inetOrgPerson_firstName"\n"ou=x";"uid";"Anna"\n';
  const refused = await all(csvUsers('lam.csv', inPieces(csv, [9]))).catch((error: unknown) => error);
  expect(refused).toMatchObject({ hint: expect.stringContaining('LDAP Account Manager') as string });
  expect((refused as KeystoneLdapError).problems).toHaveLength(4);
});

test('values of an LDIF file that nobody reads may be anything, and others must be text', async () => {
  const binary = fc
    .uint8Array({ minLength: 1, maxLength: 30 })
    .map((one) => Buffer.from(one).toString('base64'));
  const unread = fc.constantFrom('objectGUID', 'jpegPhoto', 'userCertificate;binary', 'mail;lang-de', 'x-1');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(unread, binary), { maxLength: 6 }), async (values) => {
      const ldif = [
        'dn: uid=a,dc=x',
        'objectClass: person',
        'uid: a',
        ...values.map(([name, value]) => `${name}:: ${value}`),
        'photo:< file:///x',
        '',
      ];
      const { users, problems } = await all(ldifUsers('a.ldif', inPieces(ldif.join('\n'), [11])));
      expect(problems).toEqual([]);
      expect(users).toMatchObject([{ name: 'a', enabled: true }]);
    }),
  );
  const { users, problems } = await all(
    ldifUsers('a.ldif', inPieces('dn: uid=a,dc=x\nobjectClass: person\nuid: a\nmail:: /w==\n', [11])),
  );
  expect(users).toEqual([]);
  expect(problems).toMatchObject([
    { file: 'a.ldif', line: 1, message: expect.stringContaining('the email holds bytes') as string },
  ]);
});

test('computers are no people, and whom an administrator has locked for good is disabled', async () => {
  const ldif = [
    ...['dn: cn=pc,dc=x', 'objectClass: user', 'objectClass: computer', ''],
    ...['dn: cn=a,dc=x', 'objectClass: person', 'pwdAccountLockedTime: 000001010000Z', ''],
    ...['dn: cn=b,dc=x', 'objectClass: person', 'pwdAccountLockedTime: 20260101000000Z', ''],
  ];
  const { users } = await all(ldifUsers('a.ldif', inPieces(ldif.join('\n'), [50])));
  expect(users).toMatchObject([
    { name: 'a', enabled: false },
    { name: 'b', enabled: true },
  ]);
});

test('a CSV file that breaks off is told with its line, and without its fields', async () => {
  const { problems } = await all(csvUsers('users.csv', inPieces('name,password\na,b\nc,"secret\n', [50])));
  expect(problems).toHaveLength(1);
  expect(JSON.stringify(problems)).not.toContain('secret');
});

test.each([
  [3, 0],
  [40_000, 5],
])(
  '%i generated people have names of their own, and %i groups members that are among them',
  async (users, groups) => {
    const source = generatedPeople({ users, groups, seed: 42 });
    const { users: people } = await all(source);
    const names = new Set(people.map(({ name }) => name));
    expect(names.size).toBe(users);
    expect((await all(generatedPeople({ users, groups, seed: 42 }))).users).toEqual(people);
    expect((await all(generatedPeople({ users, groups, seed: 43 }))).users).not.toEqual(people);
    const sizes: number[] = [];
    for (const { members = [] } of source.groups?.() ?? []) {
      expect(new Set(members).size).toBe(members.length);
      expect(members.every((name) => names.has(name))).toBe(true);
      sizes.push(members.length);
    }
    expect(sizes).toHaveLength(groups);
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
  },
);

test.each(['users', 'user=5', 'users=5;groups=1', 'users=-1', ''])('--generate %j is refused', (spec) => {
  expect(() => parseGenerate(spec)).toThrow('is not understood');
});

test('what --generate leaves out has a default', () => {
  expect(parseGenerate('users=10')).toEqual({ users: 10, groups: 0, seed: 1 });
});

test('a file in which every line is at fault is not read to its end', async () => {
  const text = ['name,enabled', ...Array.from({ length: 5000 }, (_, at) => `user${at},maybe`), ''].join('\n');
  let told = 0;
  for await (const users of csvUsers('users.csv', inPieces(text, [4096])).users(() => void (told += 1))) {
    expect(users).toEqual([]);
    if (told >= 100) break;
  }
  expect(told).toBeLessThan(500);
});

test('a hundred problems are told', async () => {
  const text = ['name,enabled', ...Array.from({ length: 900 }, (_, at) => `user${at},maybe`), ''].join('\n');
  const error = await usersUpTo(1000, csvUsers('users.csv', inPieces(text, [4096]))).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(KeystoneLdapError);
  expect((error as KeystoneLdapError).problems).toHaveLength(100);
});

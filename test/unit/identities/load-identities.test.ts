import { expect, test } from 'vitest';
import { KeystoneLdapError } from '../../../src/errors.ts';
import { NO_IDENTITIES, type Identities } from '../../../src/identities/identities.ts';
import { loadIdentities } from '../../../src/identities/read/load-identities.ts';

const FILES: Readonly<Record<string, string>> = {
  'a/users.yaml':
    'users:\n  - { name: joe, password_file: joe.secret }\n  - { name: jim, password_file: /run/jim }\n  - { name: jan, password_env: JAN }\n  - { name: jon, password: own }\n  - { name: jed }\n',
  'a/joe.secret': 'of joe\r\n',
  '/run/jim': ' of jim \n',
  'b.yaml': 'tenants: [{ name: x, members: [joe] }]\n',
  'bad.yaml':
    'users:\n  - { name: joe, password_file: none }\n  - name: jim\n    password_env: NONE\n  - { name: jan, password_env: EMPTY }\n  - { name: jon, password_file: lines }\n',
  lines: 'one\ntwo\n',
  'wrong.yaml': 'users: [{ name: joe, password_file: none, colour: red }]\n',
};

const read = (path: string): Promise<string> => {
  const text = FILES[path];
  return text === undefined
    ? Promise.reject(new KeystoneLdapError('FILE_UNREADABLE', `Cannot read ${path}: there is no such file.`))
    : Promise.resolve(text);
};

const INPUT = { env: { JAN: 'of jan', EMPTY: '' }, readText: read, readSecretText: read };

const load = (...files: readonly string[]): Promise<Identities> => loadIdentities(files, INPUT);

test('passwords from files beside the one that names them, from the environment, and given', async () => {
  const { users, tenants } = await load('a/users.yaml', 'b.yaml');
  expect(users.map(({ name, password }) => [name, password?.reveal()])).toEqual([
    ['joe', 'of joe'],
    ['jim', ' of jim '],
    ['jan', 'of jan'],
    ['jon', 'own'],
    ['jed', undefined],
  ]);
  expect(tenants).toMatchObject([{ name: 'x', members: ['joe'] }]);
});

test('no files are no identities', async () => {
  expect(await load()).toEqual(NO_IDENTITIES);
});

test.each([
  [
    'bad.yaml',
    [
      '2:33 Cannot read none: there is no such file.',
      '4:19 the environment variable NONE is not set',
      '5:32 the environment variable EMPTY is empty',
      '6:33 the password file lines holds a line break or another control character',
    ],
  ],
  [
    'wrong.yaml',
    [
      '1:43 unknown key "colour"; known here: name, id, password, password_hash, password_file, password_env, reset_password, email, enabled, tenant, description, domain, below',
    ],
  ],
])('the problems of %s', async (file, expected) => {
  const error: unknown = await load(file).catch((thrown: unknown) => thrown);
  if (!(error instanceof KeystoneLdapError)) throw error;
  expect(error.code).toBe('INPUT_INVALID');
  expect(error.problems.map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual(expected);
});

test('a file that is not there', async () => {
  await expect(load('none.yaml')).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
});

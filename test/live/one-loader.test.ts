import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatLdif } from '../../src/directory/format-ldif.ts';
import { KeystoneLdapError } from '../../src/errors.ts';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { startKeystoneDirectory } from '../../src/testing/start-keystone-directory.ts';
import { describeLive } from '../support/describe-live.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { startInitialised } from '../support/initialised-sandbox.ts';
import { runCliAsAdmin } from '../support/run-cli.ts';

/** More than are held in memory where they come as a stream. */
const MANY = 1005;

interface Row {
  readonly name: string;
  readonly email?: string;
  readonly tenant?: string;
  readonly id?: string;
}

const people = (count: number): Row[] =>
  Array.from({ length: count }, (_, at) => ({ name: `user${at}`, email: `user${at}@example.com` }));

type Format = 'csv' | 'ldif' | 'yaml';

const FORMATS: Readonly<Record<Format, (rows: readonly Row[]) => string>> = {
  csv: (rows) =>
    [
      'name;email;tenant;id',
      ...rows.map(({ name, email = '', tenant = '', id = '' }) => [name, email, tenant, id].join(';')),
      '',
    ].join('\n'),
  ldif: (rows) =>
    formatLdif(
      rows.map(({ name, email }, at) => ({
        dn: `cn=${at},ou=people,dc=old`,
        attributes: {
          objectClass: ['inetOrgPerson'],
          uid: [name],
          ...(email !== undefined && { mail: [email] }),
        },
      })),
    ),
  yaml: (rows) => JSON.stringify({ users: rows }),
};

/** Something wrong with the users, or with what belongs to them, and the formats that can say it. */
interface Fault {
  readonly what: string;
  readonly code: string;
  readonly formats: readonly Format[];
  /** The user at this place goes wrong. */
  readonly row?: (row: Row, first: Row) => Row;
  readonly beside?: object;
}

const ALL: readonly Format[] = ['csv', 'ldif', 'yaml'];

const FAULTS: readonly Fault[] = [
  { what: 'a name twice', code: 'INPUT_INVALID', formats: ALL, row: (row, { name }) => ({ ...row, name }) },
  {
    what: 'a name in other case',
    code: 'UNSAFE_NAME',
    formats: ALL,
    row: (row, { name }) => ({ ...row, name: name.toUpperCase() }),
  },
  {
    what: 'a name with other blanks',
    code: 'UNSAFE_NAME',
    formats: ['csv', 'ldif'],
    row: (row, { name }) => ({ ...row, name: ` ${name}` }),
  },
  {
    what: 'a name twice with another id',
    code: 'INPUT_INVALID',
    formats: ['csv', 'yaml'],
    row: (row, { name }) => ({ ...row, name, id: 'other' }),
  },
  {
    what: 'an id twice',
    code: 'UNSAFE_NAME',
    formats: ['csv', 'yaml'],
    row: (row, { name }) => ({ ...row, id: name }),
  },
  {
    what: 'an e-mail that is not ASCII',
    code: 'UNSAFE_NAME',
    formats: ALL,
    row: (row) => ({ ...row, email: 'jörg@example.com' }),
  },
  {
    what: 'an empty name',
    code: 'INPUT_INVALID',
    formats: ['csv', 'yaml'],
    row: (row) => ({ ...row, name: '' }),
  },
  {
    what: 'a blank name',
    code: 'UNSAFE_NAME',
    formats: ['csv', 'yaml'],
    row: (row) => ({ ...row, name: ' ' }),
  },
  {
    what: 'a control character',
    code: 'INPUT_INVALID',
    formats: ALL,
    row: (row) => ({ ...row, name: 'a\u0007b' }),
  },
  {
    what: 'a tenant that is missing',
    code: 'INPUT_INVALID',
    formats: ['csv', 'yaml'],
    row: (row) => ({ ...row, tenant: 'none' }),
  },
  {
    what: 'a tenant mistyped',
    code: 'INPUT_INVALID',
    formats: ['csv', 'yaml'],
    row: (row) => ({ ...row, tenant: 'wbe' }),
    beside: { tenants: ['web'] },
  },
  {
    what: 'a role that is missing',
    code: 'INPUT_INVALID',
    formats: ALL,
    beside: { grants: [{ role: 'none', user: 'user0' }] },
  },
  {
    what: 'a member that is missing',
    code: 'INPUT_INVALID',
    formats: ALL,
    beside: { groups: [{ name: 'g', members: ['nobody-at-all'] }] },
  },
  { what: 'a domain', code: 'UNSAFE_NAME', formats: ALL, beside: { domains: ['corp'] } },
  {
    what: 'a group in another domain',
    code: 'UNSAFE_NAME',
    formats: ALL,
    beside: { domains: ['corp'], groups: [{ name: 'g', domain: 'corp' }] },
  },
  {
    what: 'a user among others',
    code: 'INPUT_INVALID',
    formats: ALL,
    beside: { users: [{ name: 'user0' }] },
  },
  {
    what: 'a user among others in other case',
    code: 'UNSAFE_NAME',
    formats: ALL,
    beside: { users: [{ name: 'USER0' }] },
  },
];

function withFault(rows: readonly Row[], { row: spoil }: Fault, place: number): readonly Row[] {
  const [first, ...others] = rows;
  if (first === undefined || spoil === undefined) return rows;
  const at = place % others.length;
  return [first, ...others.map((row, index) => (index === at ? spoil(row, first) : row))];
}

interface Refusal {
  readonly code: string | undefined;
  readonly problems: readonly string[];
}

/** Of each problem the sentence: where in the file it is differs. */
function refusalOf(
  error: { readonly code: string; readonly problems?: readonly { readonly message: string }[] } | undefined,
): Refusal {
  const problems = (error?.problems ?? []).map(({ message }) =>
    message.replace(/ \(\/[^)]*:\d+:\d+\)|, first at .*:\d+:\d+/g, ''),
  );
  return { code: error?.code, problems };
}

/** All that takes `--file`, or files of identities otherwise. */
function commands(
  server: Sandbox,
  folder: string,
  release: string,
  files: readonly string[],
): Readonly<Record<string, () => Promise<Refusal>>> {
  const flags = files.flatMap((file) => ['--file', file]);
  const run = async (...argv: readonly string[]): Promise<Refusal> => {
    const { stdout, stderr, exitCode } = await runCliAsAdmin(server, [...argv, '--json']);
    if (exitCode !== 2) return refusalOf(undefined);
    const { error } = JSON.parse(stdout) as { error: Parameters<typeof refusalOf>[0] };
    expect(error, stderr).toBeDefined();
    return refusalOf(error);
  };
  return {
    'seed -n': () => run('seed', '-r', release, '-n', ...flags),
    'seed --offline': () =>
      run('seed', '-r', release, '-b', server.suffix, '--offline', join(folder, 'out.ldif'), ...flags),
    verify: () => run('verify', '-r', release, ...flags),
    sandbox: () => run('sandbox', '-r', release, ...flags, '--detach'),
    plan: async () => {
      const config = join(folder, 'keystone-ldap.yaml');
      await writeFile(
        config,
        JSON.stringify({ release, server: { uri: server.uri }, identities: { files } }),
      );
      return await run('plan', config);
    },
    library: async () => {
      try {
        await using directory = await startKeystoneDirectory({ release, file: files });
        expect(directory.users).toBeDefined();
        return refusalOf(undefined);
      } catch (error) {
        if (!(error instanceof KeystoneLdapError)) throw error;
        return refusalOf(error);
      }
    },
  };
}

describeLive('identities from a file', (slapd) => {
  test.each(['zed', '2011.3'])(
    'of %s are refused for the same reasons, however many, in every format, by every command',
    async (release) => {
      await using server = await startInitialised({ slapd, release });
      const drawn = fc
        .constantFrom(...FAULTS)
        .chain((fault) => fc.tuple(fc.constant(fault), fc.constantFrom(...fault.formats), fc.nat()));
      await fc.assert(
        fc.asyncProperty(drawn, async ([fault, format, place]) => {
          const refusals: Record<string, Refusal> = {};
          for (const count of [4, MANY]) {
            using folder = new DisposableFolder();
            const files = [join(folder.path, `users.${format}`), join(folder.path, 'beside.yaml')] as const;
            await writeFile(files[0], FORMATS[format](withFault(people(count), fault, place)));
            await writeFile(files[1], JSON.stringify(fault.beside ?? {}));
            for (const [name, run] of Object.entries(commands(server, folder.path, release, files)))
              refusals[`${name} of ${count}`] = await run();
          }
          const expected = refusals['seed -n of 4'];
          expect(expected, fault.what).toMatchObject({ code: fault.code });
          expect(expected?.problems.length, fault.what).toBeGreaterThan(0);
          for (const [name, refusal] of Object.entries(refusals))
            expect(refusal, `${fault.what}: ${name}`).toEqual(expected);
        }),
        { numRuns: 4, seed: 12 },
      );
    },
    240_000,
  );
});

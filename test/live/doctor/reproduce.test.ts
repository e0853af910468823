import fc from 'fast-check';
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Attributes, NewEntry } from '../../../src/directory/entry.ts';
import { childDn } from '../../../src/directory/dn.ts';
import type { Finding } from '../../../src/doctor/finding.ts';
import { packageFile, readText } from '../../../src/files.ts';
import type { Sandbox } from '../../../src/sandbox/start-sandbox.ts';
import { addEntries } from '../../support/add-entries.ts';
import { compiledCli, type CompiledCli } from '../../support/compiled-cli.ts';
import { describeLive } from '../../support/describe-live.ts';
import { DisposableFolder } from '../../support/disposable-folder.ts';
import {
  AUTH,
  group,
  ldapSection,
  MANAGED,
  READ,
  soundKeystone,
  user,
  USERS,
  type LdapOptions,
  type SoundKeystone,
  type SoundOptions,
} from '../../support/doctor/sound-keystone.ts';
import { runCli, runCliAsAdmin } from '../../support/run-cli.ts';
import { asManager, seededSandbox } from '../../support/seeded-sandbox.ts';
import { ADVICE_CASES } from './cases/advice.ts';
import { ENTRY_CASES } from './cases/entries.ts';

const REPEATED = [...ENTRY_CASES, ...ADVICE_CASES].filter(({ name }) =>
  /is not always|an id with|slash|member|group|disabled|quotes|user_filter = |driver = LDAP|class of users|in the middle|name of more/.test(
    name,
  ),
);

let reports = 0;

const codesOf = (stdout: string): readonly string[] => [
  ...new Set(
    (JSON.parse(stdout) as { readonly findings: readonly Finding[] }).findings.map(({ code }) => code),
  ),
];

async function reproduce({ conf }: Pick<SoundKeystone, 'conf'>, release = '22.0.2-0+deb12u6') {
  const dir = join(DisposableFolder.ofTest().path, `report-${(reports += 1)}`);
  const argv = ['doctor', '--keystone-conf', conf, '--release', release, '--json', '--reproduce', dir];
  const result = await runCli(argv);
  expect(result.exitCode, result.stderr).toBeLessThan(2);
  return { dir, codes: codesOf(result.stdout) };
}

/** Runs the report as who gets it does. */
async function replay(dir: string, script: string): Promise<readonly string[]> {
  const env = { ...process.env, KL: `node ${script}` };
  const run = promisify(execFile)('sh', ['./run.sh', '--json'], { cwd: dir, env });
  const { stdout } = await run.catch((error: unknown) => error as { readonly stdout: string });
  return codesOf(stdout);
}

async function allText(dir: string): Promise<string> {
  return (await Promise.all((await readdir(dir)).map((name) => readFile(join(dir, name), 'utf8')))).join(
    '\n',
  );
}

interface Facts {
  readonly reproduced: readonly string[];
  readonly 'not reproduced': Readonly<Record<string, string>>;
}

async function factsOf(dir: string): Promise<Facts> {
  return JSON.parse(await readFile(join(dir, 'report.json'), 'utf8')) as Facts;
}

/** A run of the report shows what it says that it shows, and it says a reason of the rest. */
async function expectShownAgain(dir: string, codes: readonly string[], script: string): Promise<void> {
  const facts = await factsOf(dir);
  expect([...facts.reproduced, ...Object.keys(facts['not reproduced'])].toSorted()).toEqual(codes.toSorted());
  expect((await replay(dir, script)).toSorted()).toEqual(facts.reproduced);
}

/** One thing of a site that the report has to take along, in a tree of its own so that any of them go together. */
interface SiteCase {
  readonly name: string;
  readonly entries: readonly NewEntry[];
  readonly ldap?: LdapOptions;
  /** Rules before those of the database. */
  readonly access?: readonly string[];
  readonly code?: string;
}

/** The schema of a site that has its name in classes, attributes and descriptions. */
const SITE_SCHEMA = {
  dn: 'cn=acme,cn=schema,cn=config',
  attributes: {
    objectClass: ['olcSchemaConfig'],
    cn: ['acme'],
    olcAttributeTypes: [
      "( 1.3.6.1.4.1.99999.1.1 NAME ( 'acmeStaffNo' 'acmeNo' ) DESC 'Acme' SUP uid SINGLE-VALUE )",
      "( 1.3.6.1.4.1.99999.1.2 NAME 'frobnicatorLock' EQUALITY booleanMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.7 )",
      "( 1.3.6.1.4.1.99999.1.3 NAME 'acmeBadge' EQUALITY integerMatch ORDERING integerOrderingMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 )",
    ],
    olcObjectClasses: [
      "( 1.3.6.1.4.1.99999.2.1 NAME 'acmePerson' DESC 'of Acme' SUP inetOrgPerson STRUCTURAL MUST acmeStaffNo MAY frobnicatorLock )",
      "( 1.3.6.1.4.1.99999.2.2 NAME 'acmeExtra' SUP top AUXILIARY MUST ( acmeBadge $ 1.3.6.1.4.1.99999.1.2 ) )",
    ],
  },
} as const;

const secret = (cn: string, parent = USERS): NewEntry => ({
  dn: `cn=${cn},${parent}`,
  attributes: {
    objectClass: ['organizationalRole', 'simpleSecurityObject'],
    cn: [cn],
    userPassword: ['acme-secret'],
  },
});

const SITE_CASES: readonly SiteCase[] = [
  { name: 'a service account among the users', entries: [secret('acmesvc')] },
  {
    name: 'containers of countries and domains',
    ldap: { query_scope: 'sub' },
    entries: [
      { dn: `c=DE,${USERS}`, attributes: { objectClass: ['country'], c: ['DE'] } },
      {
        dn: `dc=acmetown,c=DE,${USERS}`,
        attributes: { objectClass: ['domain'], dc: ['acmetown'] },
      },
      user('acmegus', {}, `dc=acmetown,c=DE,${USERS}`),
      group('acmegroup', [`uid=acmegus,dc=acmetown,c=DE,${USERS}`]),
    ],
  },
  {
    name: 'a filter on an attribute that Keystone does not read',
    ldap: { user_filter: '(|(departmentNumber=acmecloud)(uid=a*)(title=*boss*)(uid=bob))' },
    entries: [
      user('acmeone'),
      user('two', { departmentNumber: ['acmecloud'] }),
      user('three', { title: ['Big acme boss'] }),
      user('left', { departmentNumber: ['acmeland'], title: ['acme hand'] }),
      group('acmefilter', [`uid=two,${USERS}`, `uid=left,${USERS}`, `uid=acmegone,${USERS}`]),
    ],
    code: 'MEMBER_UNKNOWN',
  },
  {
    name: 'a filter on the order of numbers and on bits',
    ldap: {
      group_filter: '(|(!(acmeBadge=*))(&(acmeBadge>=500)(acmeBadge:1.2.840.113556.1.4.803:=4)))',
    },
    entries: [400, 500, 700].map((number) =>
      group(`acme${number}`, [`uid=alice,${USERS}`, `uid=gone${number},${USERS}`], {
        objectClass: ['groupOfNames', 'acmeExtra'],
        acmeBadge: [`${number}`],
        frobnicatorLock: ['TRUE'],
      }),
    ),
    code: 'MEMBER_UNKNOWN',
  },
  {
    name: 'a value that is no truth value',
    entries: [user('acmeyes', { employeeType: ['yes'] }), user('acmeno', { employeeType: ['acmestaff'] })],
    code: 'ENABLED_NOT_BOOLEAN',
  },
  {
    name: 'the classes and attributes of the site',
    entries: [
      user('acmeann', {
        objectClass: ['acmePerson', 'acmeExtra'],
        acmeStaffNo: ['7'],
        acmeBadge: ['12'],
        frobnicatorLock: ['TRUE'],
      }),
      {
        dn: `acmeStaffNo=acme 8,${USERS}`,
        attributes: {
          ...user('acmebob', { objectClass: ['acmePerson'], acmeStaffNo: ['acme 8'] }).attributes,
        },
      },
      group('acmestaff', [`acmeNo=acme 8,${USERS}`]),
    ],
  },
  {
    name: 'characters that mean something',
    entries: [
      ...['acme*x', 'acme+y', 'acme, z', '#acme\\\\ (w)', 'a/cme=v', 'acme + u', ' acme t '].map((uid) => ({
        ...user(uid),
        dn: childDn('uid', uid, USERS),
      })),
    ],
    code: 'ID_SLASH',
  },
  {
    name: 'what a class demands and the account does not see',
    entries: [user('acmehid')],
    access: [`to dn.exact="uid=acmehid,${USERS}" attrs=sn by * none`],
  },
  {
    name: 'a container that the account does not see',
    ldap: { query_scope: 'sub' },
    entries: [
      { dn: `ou=acmedark,${USERS}`, attributes: { objectClass: ['organizationalUnit'], ou: ['acmedark'] } },
      user('acmedim', {}, `ou=acmedark,${USERS}`),
    ],
    access: [`to dn.base="ou=acmedark,${USERS}" by * none`],
  },
  {
    name: 'what the server makes itself, and entries that may have any attribute',
    ldap: { user_filter: '(&(createTimestamp>=20000101000000Z)(entryDN=*)(!(acmeBadge=1)))' },
    entries: [
      {
        dn: `cn=acmealias,${USERS}`,
        attributes: {
          objectClass: ['alias', 'extensibleObject'],
          ...{ cn: ['acmealias'], acmeBadge: ['2'], aliasedObjectName: [`uid=alice,${USERS}`] },
        },
      },
    ],
  },
  {
    name: 'an id that is too long',
    entries: [user(`acme${'k'.repeat(70)}`)],
    code: 'ID_TOO_LONG',
  },
];

/** A Keystone whose directory has all of these. */
function siteOf(slapd: SoundOptions['slapd'], cases: readonly SiteCase[]): Promise<SoundKeystone> {
  return soundKeystone({
    slapd,
    tuning: { entries: [SITE_SCHEMA] },
    database: { olcAccess: [MANAGED, ...cases.flatMap(({ access = [] }) => access), AUTH, READ] },
    entries: cases.flatMap(({ entries }) => entries),
    ldap: Object.assign({}, ...cases.map(({ ldap = {} }) => ldap)) as LdapOptions,
  });
}

const RELEASES_OF_2011 = ['blog', '2011.3', 'essex-1', 'essex-2', '2012-01-20', 'essex-3'] as const;

/** Users whose DNs break filters, passwords of several forms, and a disabled tenant with a role that has no entry. */
function entriesOf2011(release: string): readonly NewEntry[] {
  const isBlog = release === 'blog';
  const rdn = isBlog ? 'cn' : 'uid';
  const name = (id: string): Attributes =>
    isBlog || release === '2011.3' ? {} : { keystoneName: [`name of ${id}`] };
  const users = ['acmejoe', 'acme*', 'acme +', 'acme,x', '#acme'].map((id, index) => ({
    dn: childDn(rdn, id, USERS),
    attributes: {
      objectClass: isBlog ? ['keystoneUser'] : ['keystoneUidObject', 'keystoneUser'],
      ...{ [rdn]: [id], keystoneEnabled: ['TRUE'], ...name(id) },
      ...(index === 0
        ? {}
        : { userPassword: [['secrete', '{SSHA}secrete', 'sécrète', '1'][index - 1] ?? ''] }),
    },
  }));
  const holders = {
    objectClass: ['groupOfNames', ...(isBlog ? [] : ['keystoneTenant'])],
    member: ['cn=dumb,dc=nonexistent', users[0]?.dn ?? '', `${rdn}=acmegone,${USERS}`],
  };
  const tenants = 'ou=Groups,dc=example,dc=com';
  const tenant = `cn=acmetenant,${tenants}`;
  return [
    ...users,
    {
      dn: tenant,
      attributes: {
        ...holders,
        objectClass: isBlog ? ['keystoneTenant'] : holders.objectClass,
        ...{ cn: ['acmetenant'], keystoneEnabled: ['FALSE'], ...name('acmetenant') },
      },
    },
    {
      dn: `cn=acmeghost,${tenant}`,
      attributes: {
        objectClass: isBlog ? ['keystoneTenantRole'] : ['keystoneTenantRole', 'groupOfNames'],
        ...{
          cn: ['acmeghost'],
          keystoneRole: [`cn=acmeghost,${tenants}`],
          member: holders.member.slice(0, 2),
        },
      },
    },
  ];
}

describeLive('a report of doctor', (slapd) => {
  let cli: CompiledCli;
  beforeAll(async () => {
    cli = await compiledCli();
    return () => cli[Symbol.asyncDispose]();
  });

  test.each(REPEATED.map((one) => [one.name, one] as const))(
    'shows the same again for %s',
    async (_, one) => {
      await using keystone = await soundKeystone({ ...one, slapd });
      await using manager = await asManager(keystone.server);
      if (one.breakIt !== undefined) await one.breakIt(manager, keystone);
      const { dir, codes } = await reproduce(keystone, one.release);
      const facts = await factsOf(dir);
      expect(facts.reproduced.length).toBeGreaterThanOrEqual(Math.min(codes.length, 1));
      await expectShownAgain(dir, codes, cli.script);
    },
  );

  const expectSiteShown = async (cases: readonly SiteCase[]): Promise<void> => {
    await using keystone = await siteOf(slapd, cases);
    const { dir, codes } = await reproduce(keystone);
    for (const { code } of cases) if (code !== undefined) expect(codes).toContain(code);
    const { reproduced } = await factsOf(dir);
    expect(cases.flatMap(({ code = [] }) => code).filter((code) => !reproduced.includes(code))).toEqual([]);
    expect((await allText(dir)).toLowerCase()).not.toMatch(/acme|frobnicator|99999/);
    await expectShownAgain(dir, codes, cli.script);
  };

  test.each(SITE_CASES.map((one) => [one.name, one] as const))('takes along %s', async (_, one) => {
    await expectSiteShown([one]);
  });

  test('takes along any of these together', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...SITE_CASES], { minLength: 2 }), expectSiteShown),
      { numRuns: 4 },
    );
  });

  test('is about the domain that has findings, if the main file has no LDAP', async () => {
    await using keystone = await soundKeystone({ slapd, entries: [group('old', [`uid=gone,${USERS}`])] });
    const domains = join(keystone.dir, 'domains');
    await mkdir(domains);
    const file = `[identity]\ndriver = ldap\n${ldapSection(keystone.server)}`;
    await writeFile(join(domains, 'keystone.CORP.conf'), file, { mode: 0o600 });
    await writeFile(
      keystone.conf,
      `[identity]\ndomain_specific_drivers_enabled = true\ndomain_config_dir = ${domains}\n`,
    );
    const { dir, codes } = await reproduce(keystone);
    expect((await factsOf(dir)).reproduced).toContain('MEMBER_UNKNOWN');
    await expectShownAgain(dir, codes, cli.script);
  });

  test('says of a file that cannot be read that it is not taken along', async () => {
    await using keystone = await soundKeystone({ slapd });
    const domains = join(keystone.dir, 'domains');
    await mkdir(domains);
    await writeFile(join(domains, 'keystone.CORP.conf'), 'url = x\n', { mode: 0o600 });
    await writeFile(
      keystone.conf,
      `[identity]\ndomain_specific_drivers_enabled = true\ndomain_config_dir = ${domains}\n`,
    );
    const { dir } = await reproduce(keystone);
    const { reproduced, 'not reproduced': reasons } = await factsOf(dir);
    expect({ reproduced, reasons }).toEqual({
      reproduced: [],
      reasons: { CONF_UNREADABLE_VALUE: expect.stringContaining('cannot be read') as string },
    });
  });

  test('has no member that is one too many for it', async () => {
    const many = Array.from({ length: 230 }, (_, number) => user(`many${number}`));
    await using keystone = await soundKeystone({
      slapd,
      entries: [...many, group('all', [...many.map(({ dn }) => dn), `uid=gone,${USERS}`])],
    });
    const { dir, codes } = await reproduce(keystone);
    expect((await allText(dir)).match(/^dn: uid=/gm)?.length).toBeLessThan(230);
    await expectShownAgain(dir, codes, cli.script);
  });

  describe.each(RELEASES_OF_2011)('of Keystone %s', (release) => {
    let server: Sandbox;
    beforeAll(async () => {
      server = await seededSandbox(release, { slapd, seed: false });
      return () => server.stop();
    });

    test('has its schema, its settings and the characters that break its filters', async () => {
      const conf = join(DisposableFolder.ofTest().path, 'keystone.conf');
      const text = await readText(packageFile(`fixtures/keystone-conf/${release}.conf`));
      await writeFile(conf, text, { mode: 0o600 });
      const argv = ['configure', '--keystone-conf', conf, '--release', release, '--no-backup'];
      expect(await runCliAsAdmin(server, argv)).toMatchObject({ exitCode: 0 });
      await addEntries(server, entriesOf2011(release));
      const { dir, codes } = await reproduce({ conf }, release);
      const { reproduced } = await factsOf(dir);
      expect(reproduced).toEqual(expect.arrayContaining(['USER_BREAKS_LISTING', 'USER_LOSES_ACCESS']));
      expect((await allText(dir)).toLowerCase()).not.toMatch(/acme|secrete/);
      await expectShownAgain(dir, codes, cli.script);
    });
  });

  test('holds no name, address or password of the original', async () => {
    const word = fc.stringMatching(/^q[a-z]{9,14}z$/);
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(word, { minLength: 5, maxLength: 5 }),
        async ([a = '', b = '', c = '', d = '', e = '']) => {
          await using keystone = await soundKeystone({
            slapd,
            entries: [
              user(a, { cn: [b], sn: [c], mail: [`${b}@${c}.org`] }),
              group(d, [`uid=${a},${USERS}`, `uid=${e},${USERS}`]),
            ],
            ldap: {
              user_filter: `(!(|(cn=${e})(mail=*${e}*)))`,
              user_enabled_emulation_dn: `cn=${d},${USERS}`,
            },
          });
          const { dir } = await reproduce(keystone);
          const text = (await allText(dir)).toLowerCase();
          for (const hidden of [
            a,
            b,
            c,
            d,
            e,
            'keystone-password',
            'alice',
            new URL(keystone.server.uri).host,
          ])
            expect(text).not.toContain(hidden);
        },
      ),
      { numRuns: 8 },
    );
  });

  test('is not mixed with what a folder holds', async () => {
    await using keystone = await soundKeystone({ slapd });
    const dir = join(DisposableFolder.ofTest().path, 'full');
    await mkdir(dir);
    await writeFile(join(dir, 'mine'), 'x');
    const { exitCode, stderr } = await runCli([
      'doctor',
      '--keystone-conf',
      keystone.conf,
      '--release',
      'zed',
      '--reproduce',
      dir,
    ]);
    expect({ exitCode, names: await readdir(dir) }).toEqual({ exitCode: 2, names: ['mine'] });
    expect(stderr).toContain('it exists and is not empty');
  });
});

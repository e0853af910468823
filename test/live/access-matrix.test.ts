import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openSession } from '../../src/directory/open-session.ts';
import type { Finding } from '../../src/doctor/finding.ts';
import { ownExternalDn } from '../../src/sandbox/own-identity.ts';
import type { RunningSlapd } from '../../src/sandbox/running-slapd.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { startStockDebian } from '../../src/testing/servers/start-stock-debian.ts';
import { accessMatrix, isOfAccount, NEEDED, SECRETS, type Matrix } from '../support/access/matrix.ts';
import { accountBelow, PASSWORD, placeBelow, settle, type Place } from '../support/access/people.ts';
import { SITES, type Site } from '../support/access/sites.ts';
import { describeLive } from '../support/describe-live.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { readEntries } from '../support/read-entries.ts';
import { commandLines } from '../support/shell-words.ts';
import { runCliAsAdmin, type CliResult } from '../support/run-cli.ts';

const MANAGER = `to * by dn.exact="${ownExternalDn()}" manage by * break`;

type Run = (...argv: readonly string[]) => Promise<CliResult>;

/** Runs the tool with a state folder of its own, `init` with the account. */
function runner(server: RunningSlapd, place: Place): { readonly run: Run; readonly init: Run } {
  const folder = DisposableFolder.ofTest();
  const file = folder.write('pw', PASSWORD);
  const run: Run = (...argv) =>
    runCliAsAdmin(server, argv, { env: { KEYSTONE_LDAP_STATE_DIR: `${folder.path}/state` } });
  const account = ['--service-account', accountBelow(place), '--service-password-file', file];
  return {
    run,
    init: (...flags) => run('init', '--release', 'zed', '--suffix', place.suffix, ...account, ...flags),
  };
}

async function configOf({ ldapiUri }: RunningSlapd): Promise<unknown> {
  const attributes = ['olcAccess', 'olcLimits', 'olcSuffix'];
  return await readEntries(ldapiUri, 'cn=config', attributes);
}

const others = (matrix: Matrix): Matrix =>
  Object.fromEntries(Object.entries(matrix).filter(([key]) => !isOfAccount(key)));

/**
 * What the account has afterwards that it may not have: neither needed nor there before, or a secret, or a write. Before,
 * it may not have been able to bind, but had what anybody or every user has.
 */
function excess(before: Matrix, after: Matrix, place: Place): readonly string[] {
  return Object.entries(after)
    .filter(([key, letters]) => isOfAccount(key) && !key.includes('| children') && !/^may/.test(letters))
    .filter(([key, letters]) => {
      const [subject = '', dn = '', attribute = ''] = key.split(' | ');
      const isInTree = dn.endsWith(place.users) || dn.endsWith(place.groups);
      if (isInTree && (NEEDED.has(attribute) || attribute === 'entry')) return letters.includes('w');
      const isSecret = dn.startsWith('uid=') && isInTree && SECRETS.has(attribute);
      if (isSecret || dn === accountBelow(place)) return letters !== '';
      const had = ['account', 'anonymous', 'outsider'].map(
        (one) => before[key.replace(subject, subject.replace('account', one))] ?? '',
      );
      // In an entry that it does not see yet, no filter finds and nothing compares what it may search.
      const wasSeen = had.join('') !== '';
      const isMore = (letter: string): boolean =>
        !had.join('').includes(letter) && (wasSeen || !'sc'.includes(letter));
      return Array.from(letters).some(isMore);
    })
    .map(([key, letters]) => `${key}: ${letters}`);
}

/** What it needs and has not. */
function lacking(after: Matrix, place: Place, { hidden = [], hiddenAttributes = {}, way }: Partial<Site>) {
  const ways = way === undefined ? ['tcp', 'socket'] : [way];
  const has = (key: string): boolean => /^rs|^r$/.test(after[key] ?? '');
  return ways.flatMap((one) => {
    const subject = `account over ${one}`;
    const people = ['uid=alice', 'uid=bob,ou=Staff', 'uid=carol', 'uid=locked'].map(
      (rdn) => `${rdn},${place.users}`,
    );
    return [
      ...people.flatMap((dn) =>
        ['entry', 'objectClass', 'cn', 'sn', 'mail'].map((name) => [dn, name] as const),
      ),
      ...['entry', 'objectClass', 'cn', 'member'].map((name) => [`cn=ops,${place.groups}`, name] as const),
      [place.users, 'entry'] as const,
      [place.groups, 'entry'] as const,
    ]
      .filter(([dn, name]) => !hidden.includes(dn) && hiddenAttributes[dn] !== name)
      .map(([dn, name]) => `${subject} | ${dn} | ${name}`)
      .filter((key) => !has(key));
  });
}

/** Nobody else has more or less, the account has what it needs, a second run changes nothing, undo takes all back. */
async function expectNeutral(
  server: RunningSlapd,
  place: Place,
  site: Partial<Site> = {},
  ...flags: string[]
) {
  const { run, init } = runner(server, place);
  const before = await accessMatrix(server, place);
  const config = await configOf(server);
  if (site.conflict !== undefined) {
    const refused = await init();
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
    expect(refused.stderr).toContain(site.conflict);
    expect(refused.stderr).toContain('--access-conflicts keep');
    expect(await configOf(server)).toEqual(config);
    flags.push('--access-conflicts', 'keep');
  }
  expect(await init(...flags)).toMatchObject({ exitCode: 0 });
  const made = await configOf(server);
  const after = await accessMatrix(server, place);
  expect(others(after)).toEqual(others(before));
  // Without any rule everybody reads everything, and a first rule would end that for all.
  if (site.isBare !== true || site.frontend?.length !== 0) expect(excess(before, after, place)).toEqual([]);
  if (site.conflict === undefined) expect(lacking(after, place, site)).toEqual([]);
  expect((await init(...flags)).stdout).toContain('already up to date');
  expect(await configOf(server)).toEqual(made);
  expect(await run('undo', '--yes')).toMatchObject({ exitCode: 0 });
  expect(await configOf(server)).toEqual(config);
}

const HARMED = /^(?:locked users|passwords that|a gate|one address)/;

/** As `init --service-account` made them for zed until it looked at the rules of the site. */
function rulesOfEarlierVersion(place: Place): readonly string[] {
  const account = `dn.exact="${accountBelow(place)}"`;
  const users = `dn.subtree="${place.users}"`;
  const names = 'entry,children,objectClass,cn,sn,description,mail,member';
  return [
    `to ${account} attrs=userPassword by anonymous auth by ${account} none by * break`,
    `to ${account} by ${account} none by * break`,
    `to ${users} attrs=userPassword by anonymous auth by ${account} none by * break`,
    `to ${users} attrs=${names} by ${account} read by * break`,
    `to dn.subtree="${place.groups}" attrs=${names} by ${account} read by * break`,
  ];
}

async function bypassed(run: Run, { ldapiUri }: RunningSlapd, place: Place): Promise<readonly Finding[]> {
  const conf = DisposableFolder.ofTest().write(
    'keystone.conf',
    `[identity]\ndriver = ldap\n[ldap]\nurl = ${ldapiUri}\nuser = ${accountBelow(place)}\n` +
      `password = ${PASSWORD}\nsuffix = ${place.suffix}\n`,
  );
  const argv = ['--release', 'zed', '--keystone-conf', conf, '--config-uri', ldapiUri];
  const { findings = [] } = JSON.parse((await run('doctor', '--json', ...argv)).stdout) as {
    findings?: readonly Finding[];
  };
  return findings.filter(({ code }) => code === 'SITE_RULES_BYPASSED');
}

/** Rules of everything that slapd.access(5) has for entries, attributes, people and connections. */
function arbitraryRule({ suffix, users }: Place): fc.Arbitrary<string> {
  const what = fc.constantFrom(
    ...['*', `dn.subtree="${users}"`, `dn.one="${users}"`, `dn.children="${suffix}"`, `dn.exact="${users}"`],
    ...[
      'dn.regex="^uid=[^,]+,ou=users,.*$"',
      'filter=(employeeType=locked)',
      'filter=(objectClass=inetOrgPerson)',
    ],
  );
  const attributes = fc.constantFrom(
    ...['', '', ' attrs=userPassword', ' attrs=entry,children', ' attrs=cn,mail', ' attrs=@inetOrgPerson'],
    ...[' attrs=name', ' attrs=mail val.regex="secret"'],
  );
  const who = fc.constantFrom(
    ...[
      '*',
      'users',
      'anonymous',
      'self',
      `dn.exact="uid=boss,ou=Elsewhere,${suffix}"`,
      `dn.subtree="${users}"`,
    ],
    ...[
      'ssf=64',
      '* ssf=64',
      'anonymous ssf=64',
      'users peername.ip=127.0.0.1',
      'anonymous peername.ip=127.0.0.1',
    ],
    ...[
      `group.exact="cn=ops,ou=UserGroups,${suffix}"`,
      'set="this & user"',
      `dn.exact="cn=keystone,${suffix}"`,
    ],
  );
  const access = fc.constantFrom(
    ...[
      'none',
      'auth',
      'search',
      'read',
      'write',
      '=x',
      '+rs',
      '-r',
      '=rscxd',
      'read break',
      '+x continue',
      'break',
    ],
  );
  const by = fc.tuple(who, access).map((words) => `by ${words.join(' ')}`);
  const clauses = fc.tuple(
    fc.array(by, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('', ' by * break', ' by * none'),
  );
  return fc
    .tuple(what, attributes, clauses)
    .map(([entries, names, [list, last]]) => `to ${entries}${names} ${list.join(' ')}${last}`);
}

async function setRules({ ldapiUri }: RunningSlapd, values: readonly string[]): Promise<void> {
  await using config = await openSession({ uri: ldapiUri, credentials: { kind: 'external' } });
  const edit = { operation: 'replace', attribute: 'olcAccess', values } as const;
  await config.modify('olcDatabase={1}mdb,cn=config', [edit]);
}

describeLive('the rights of a service account change nothing for others', (slapd) => {
  const start = ({ access, frontend, isBare, overlays, database }: Site) => {
    const olcAccess = isBare ? [] : [MANAGER, ...access];
    return startSandbox({
      slapd,
      tuning: {
        database: { olcAccess, ...database },
        ...(frontend && { frontend: { olcAccess: frontend } }),
        ...overlays,
      },
    });
  };

  test.each(SITES)('at a site with $name', async (site) => {
    await using server = await start(site);
    const place = placeBelow(server.suffix);
    await settle(server, place, false);
    await expectNeutral(server, place, site);
  });

  test.each(SITES.filter(({ name }) => HARMED.test(name)))(
    'and the doctor finds those of an earlier version at a site with $name, which init then takes back',
    async (site) => {
      await using server = await start(site);
      const place = placeBelow(server.suffix);
      await settle(server, place, false);
      const { run, init } = runner(server, place);
      expect(await init('--no-service-access')).toMatchObject({ exitCode: 0 });
      const before = await accessMatrix(server, place);
      {
        await using config = await openSession({ uri: server.ldapiUri, credentials: { kind: 'external' } });
        const values = rulesOfEarlierVersion(place).map((rule, index) => `{${index + 1}}${rule}`);
        const edit = { operation: 'add', attribute: 'olcAccess', values } as const;
        await config.modify('olcDatabase={1}mdb,cn=config', [edit]);
      }
      const harmed = await accessMatrix(server, place);
      expect([others(harmed), excess(before, harmed, place)]).not.toEqual([others(before), []]);
      const [finding] = await bypassed(run, server, place);
      expect(finding).toMatchObject({
        severity: 'error',
        subject: expect.stringContaining('cn=keystone') as string,
      });
      const [, command = ''] = /"(keystone-ldap [^"]+)"/.exec(finding?.remedy ?? '') ?? [];
      const argv = commandLines([command])[0] ?? [];
      const password = ['--service-password-file', DisposableFolder.ofTest().write('again', PASSWORD)];
      expect(await run(...argv, ...password)).toMatchObject({ exitCode: 0 });
      expect(await bypassed(run, server, place)).toEqual([]);
      const after = await accessMatrix(server, place);
      expect(others(after)).toEqual(others(before));
      expect([excess(before, after, place), lacking(after, place, site)]).toEqual([[], []]);
    },
  );

  test('at sites with rules drawn at random', { timeout: 600_000 }, async () => {
    await using server = await start({ name: 'random', access: [] });
    const place = placeBelow(server.suffix);
    await settle(server, place, false);
    const { run, init } = runner(server, place);
    expect(await init('--no-service-access')).toMatchObject({ exitCode: 0 });
    await fc.assert(
      fc.asyncProperty(fc.array(arbitraryRule(place), { minLength: 1, maxLength: 5 }), async (rules) => {
        await setRules(server, [MANAGER, ...rules]);
        const config = await configOf(server);
        const before = await accessMatrix(server, place);
        const { exitCode } = await init();
        if (exitCode !== 0) {
          expect(exitCode).toBe(2);
          expect(await configOf(server)).toEqual(config);
          expect(await init('--access-conflicts', 'keep')).toMatchObject({ exitCode: 0 });
        }
        const after = await accessMatrix(server, place);
        expect(others(after)).toEqual(others(before));
        expect(await bypassed(run, server, place)).toEqual([]);
        if (JSON.stringify(await configOf(server)) === JSON.stringify(config)) return;
        expect(await run('undo', '--yes')).toMatchObject({ exitCode: 0 });
        expect(await configOf(server)).toEqual(config);
      }),
      { seed: 12, numRuns: 12 },
    );
  });

  test('where the people are in a database of their own, glued below the suffix', async () => {
    const suffix = 'dc=example,dc=com';
    const place = placeBelow(suffix);
    await using server = await startSandbox({
      slapd,
      suffix: place.users,
      tuning: { moreSuffixes: [suffix] },
    });
    const bindDn = `cn=admin,${suffix}`;
    {
      await using config = await openSession({ uri: server.ldapiUri, credentials: { kind: 'external' } });
      const settings = {
        olcSubordinate: ['TRUE'],
        olcRootPW: [],
        olcRootDN: [bindDn],
        olcAccess: [
          MANAGER,
          'to attrs=userPassword filter=(employeeType=locked) by * none',
          'to attrs=userPassword by anonymous auth by * none',
          'to * by self read by * none',
        ],
      };
      const edits = Object.entries(settings).map(
        ([attribute, values]) => ({ operation: 'replace', attribute, values }) as const,
      );
      await config.modify('olcDatabase={1}mdb,cn=config', edits);
    }
    const glued: RunningSlapd = Object.create(server, {
      bindDn: { value: bindDn },
      suffix: { value: suffix },
    }) as RunningSlapd;
    await settle(glued, place, false);
    await expectNeutral(glued, place);
  });

  test('on the server of the Debian package', async () => {
    await using server = await startStockDebian({ slapd, suffix: 'dc=corp,dc=example' });
    const place = placeBelow(server.suffix);
    await settle(server, place, true);
    await expectNeutral(server, place);
  });
});

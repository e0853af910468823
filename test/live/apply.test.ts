import { expect, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { DeclaredSystem } from '../support/declared-system.ts';
import { describeLive } from '../support/describe-live.ts';

const PEOPLE = `tenants: [lab, { name: office, members: [bob] }]
users:
  - { name: alice, tenant: lab, password: secret-a, email: alice@example.com }
  - { name: bob, password: secret-b }
  - { name: carol, password: secret-c, enabled: false }
roles: [Admin, Member]
grants:
  - { role: Admin, user: alice }
  - { role: Member, user: bob, tenant: lab }
`;

const STAFF = `users:
  - { name: alice, password: secret-a, email: alice@example.com }
  - { name: bob, password: secret-b }
groups:
  - { name: staff, members: [alice, bob] }
`;

describeLive('apply on a blank server', (slapd) => {
  test.each([
    ['2011.3', PEOPLE],
    ['essex-3', PEOPLE],
    ['2012.1', PEOPLE.replace(', enabled: false', '')],
    ['2013.2', PEOPLE.replace('{ role: Admin, user: alice }', '{ role: Admin, user: alice, tenant: lab }')],
    ['2026.1', STAFF],
  ])('%s: schema, trees, account, identities and keystone.conf in one go', async (release, identities) => {
    await using server = await startSandbox({ slapd });
    const system = await DeclaredSystem.create(server, release);
    await system.declare(release, identities);

    const planned = await system.run('plan', system.file, '--exit-code');
    expect(planned.exitCode, planned.stderr).toBe(1);
    expect(planned.stdout).toContain('(user alice)');
    const applied = await system.run('apply', system.file, '--yes');
    expect(applied.exitCode, applied.stderr).toBe(0);
    // Ids are drawn anew for each plan that is not kept.
    const named = (text: string): string => text.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID');
    expect(named(applied.stdout)).toBe(`${named(planned.stdout)}${system.file}: already up to date.\n`);
    expect(await system.run('plan', '-f', system.file, '--exit-code')).toMatchObject({
      exitCode: 0,
      stdout: `${system.file}: already up to date.\n`,
    });
    const verified = await system.run('verify', '-f', system.file);
    expect(verified.exitCode, verified.stdout + verified.stderr).toBe(0);
    for (const part of ['init', 'seed', 'configure'])
      expect((await system.run(part, '-f', system.file)).stdout).toContain('already up to date');
    expect((await system.run('apply', system.file, '-f', 'other.yaml', '--yes')).stderr).toBe(
      `error: Two files are named: ${system.file}, and other.yaml with -f.\n`,
    );
    const all = JSON.stringify([planned, applied, verified]);
    for (const secret of ['secret-a', server.password.reveal()]) expect(all).not.toContain(secret);
  });
});

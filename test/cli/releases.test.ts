import { expect, test } from 'vitest';
import { RELEASES } from '../../src/releases/find-release.ts';
import { runCli } from '../support/run-cli.ts';

test('lists every release with what LDAP holds', async () => {
  const { exitCode, stdout } = await runCli(['releases']);
  expect(exitCode).toBe(0);
  const lines = stdout.trimEnd().split('\n');
  expect(lines.map((line) => line.split(' ')[0])).toEqual(RELEASES.map(({ name }) => name));
  expect(lines.find((line) => line.startsWith('2011.3'))).toMatch(
    /tenants, users, roles, grants +diablo 2011\.3\.1$/,
  );
  expect(lines.find((line) => line.startsWith('zed'))).toMatch(/2022-10-05 +users, groups +22 22\.0\.0$/);
});

test('tells one by any of its names', async () => {
  const { exitCode, stdout } = await runCli(['releases', '22.0.2']);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('Keystone 22 (Zed), 2022-10-05; also 22, 22.0.0');
  expect(stdout).toMatch(/user_name_attribute +sn\n/);
  expect(stdout).toContain('enabled      by membership in cn=enabled_users');
  expect(stdout).not.toContain('use_dumb_member');
});

test('marks what is new and what is deprecated', async () => {
  const { stdout } = await runCli(['releases', 'mitaka']);
  expect(stdout).toMatch(/user_description_attribute +description +\(new\)/);
  expect(stdout).toMatch(/user_allow_create +true +\(deprecated\)/);
});

test('tells a release of 2011, which has no such options', async () => {
  const { stdout } = await runCli(['releases', 'diablo']);
  expect(stdout).toContain("Keystone's own, revision 2011.3");
  expect(stdout).toContain('keystoneEnabled (TRUE, FALSE)');
  expect(stdout).not.toContain('[ldap]');
});

test('as JSON', async () => {
  const all = JSON.parse((await runCli(['releases', '--json'])).stdout) as { releases: readonly unknown[] };
  expect(all.releases).toHaveLength(RELEASES.length);
  const one = JSON.parse((await runCli(['releases', '2013.1', '--json'])).stdout) as Record<string, unknown>;
  expect(one).toMatchObject({ version: 1, release: { name: '2013.1' } });
  expect(one['options']).toHaveLength(78);
});

test('a name that no release has', async () => {
  const { exitCode, stderr } = await runCli(['releases', 'zad']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('Did you mean "zed"?');
});

import { expect, test } from 'vitest';
import { runCli } from '../support/run-cli.ts';

test.each([
  ['2012.1', 'identity', 'Keystone 2012.1 (Essex) has one driver for everything'],
  ['2013.1', 'identity', 'Keystone 2013.1 (Grizzly) has one driver for everything'],
  ['mitaka', 'all', 'Keystone 9 (Mitaka) can keep no projects, roles and grants in LDAP'],
  ['2026.1', 'all', 'Keystone 2026.1 (Gazpacho) can keep no projects, roles and grants in LDAP'],
  ['2011.3', 'all', 'Keystone 2011.3 (Diablo) has one layout only'],
])('%s cannot hold "%s" in LDAP', async (release, holding, message) => {
  const argv = ['seed', '--release', release, '--ldap-holds', holding, '-H', 'ldap://127.0.0.1:1'];
  const { exitCode, stderr } = await runCli(argv);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: expect.stringContaining(message) as string,
  });
});

import { expect, test } from 'vitest';
import { runCommand } from '../../src/sandbox/run-command.ts';
import { ciJobs, withThisTool } from '../support/ci-recipes.ts';
import { describeLive } from '../support/describe-live.ts';

const jobs = (await ciJobs()).filter(({ service }) => service === undefined);

describeLive('docs/ci.md', () => {
  test.each(jobs)('$name does what it says', async ({ commands }) => {
    // What fetching does, and without a network, is the matter of sandbox-fetch.test.ts.
    const [fetch, seeded = ''] = commands;
    expect(fetch).toBe('npx keystone-ldap sandbox fetch');
    const { exitCode, stdout, stderr } = await runCommand('sh', ['-c', withThisTool(seeded)]);
    expect(stdout, stderr).toContain('finds what it needs');
    expect(exitCode).toBe(0);
  });

  test('has jobs for both services', () => {
    expect(jobs.map(({ name }) => name)).toEqual(['sandbox on GitHub', 'sandbox on GitLab']);
  });
});

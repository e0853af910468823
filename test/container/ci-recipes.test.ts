import { GenericContainer, Wait } from 'testcontainers';
import { expect, test } from 'vitest';
import { runCommand } from '../../src/sandbox/run-command.ts';
import { ciJobs, withThisTool } from '../support/ci-recipes.ts';
import { describeDocker } from '../support/describe-docker.ts';
import { IMAGE } from '../support/directory-container.ts';

const jobs = (await ciJobs()).filter(({ service }) => service !== undefined);

describeDocker('docs/ci.md', () => {
  test.each(jobs)('$name does what it says', async ({ commands, env, service = {} }) => {
    await using container = await new GenericContainer(IMAGE)
      .withEnvironment(service)
      .withExposedPorts(1389)
      .withWaitStrategy(Wait.forHealthCheck())
      .start();
    // The port that a job may take for itself may be another's here.
    const uri = `ldap://127.0.0.1:${container.getMappedPort(1389)}`;
    const place = (text: string): string => text.replace(/ldap:\/\/(?:127\.0\.0\.1|directory):1389/, uri);
    for (const command of commands) {
      const here = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, place(value)]));
      const { exitCode, stdout, stderr } = await runCommand('sh', ['-c', withThisTool(place(command))], {
        env: here,
      });
      expect(stdout, stderr).toContain('finds what it needs');
      expect(exitCode).toBe(0);
    }
  });

  test('has services for both', () => {
    expect(jobs.map(({ name }) => name)).toEqual(['service on GitHub', 'service on GitLab']);
  });
});

import { expect, test } from 'vitest';
import { runCli } from '../support/run-cli.ts';

test.each([
  ['a sample that is none', ['--sample', 'modren'], /modren.*modern/s],
  [
    'published passwords that nobody asked for',
    ['--reset-passwords'],
    /published.*--file.*--sample release/s,
  ],
  ['a sample and a file', ['--sample', 'modern', '--file', 'mine.yaml'], /--sample.*--file/],
])('%s', async (_, flags, message) => {
  const { exitCode, stderr } = await runCli(['seed', ...flags, '-H', 'ldap://127.0.0.1:1']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringMatching(message) as string });
});

test('verify looks for a sample or for a file', async () => {
  const argv = ['verify', '--sample', 'modern', '--file', 'mine.yaml', '-H', 'ldap://127.0.0.1:1'];
  const { exitCode, stderr } = await runCli(argv);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('--sample and --file name two sets of identities');
});

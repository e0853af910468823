import { describe, expect, test } from 'vitest';
import { packageFile, readText } from '../../../src/files.ts';
import { runCommand } from '../../../src/sandbox/run-command.ts';
import { DisposableFolder } from '../../support/disposable-folder.ts';
import { NEEDS } from '../../support/needs/needs.ts';

const LACKS = JSON.parse(await readText(packageFile('.ci/fresh-machine-lacks.json'))) as readonly string[];

interface TestResult {
  readonly fullName: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly meta?: { readonly lacks: Readonly<Record<string, string>> };
}

const passed: TestResult = { fullName: 'passes', status: 'passed' };
const skippedFor = (need: string): TestResult => ({
  fullName: `needs ${need}`,
  status: 'skipped',
  meta: { lacks: { [need]: 'it is missing' } },
});

/** What the gate ends with after a run of these tests, which vitest reports in a file of this name. */
async function summary(name: string, results: readonly TestResult[], status = '0') {
  const count = (of: TestResult['status']) => results.filter((one) => one.status === of).length;
  const report = {
    numPassedTests: count('passed'),
    numFailedTests: count('failed'),
    testResults: [{ name: 'some.test.ts', status: 'passed', assertionResults: results }],
  };
  const file = DisposableFolder.ofTest().write(name, JSON.stringify(report));
  return await runCommand(process.execPath, [packageFile('.ci/summary.js'), status, file]);
}

test('the fresh machine lacks what tests can need', () => {
  expect(Object.keys(NEEDS)).toEqual(expect.arrayContaining([...LACKS]));
});

describe('the closing line of the gate', () => {
  test('counts a skipped test as failed', async () => {
    expect(await summary('main.json', [passed, skippedFor('zsh')])).toMatchObject({
      exitCode: 1,
      stdout: '1 passed, 1 failed\n',
    });
  });

  test('lets the fresh machine skip what it lacks, and nothing else', async () => {
    const all = [passed, ...LACKS.map(skippedFor)];
    expect(await summary('fresh-machine.json', all)).toEqual({
      exitCode: 0,
      stdout: '1 passed, 0 failed\n',
      stderr: '',
    });
    expect(await summary('fresh-machine.json', [...all, skippedFor('bash')])).toMatchObject({
      exitCode: 1,
      stderr: 'a fresh machine lacks bash, and tests are skipped for it\n',
    });
    expect(await summary('fresh-machine.json', [...all, { ...passed, status: 'skipped' }])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('skipped, which counts as failed here: some.test.ts: passes') as string,
    });
  });

  test('misses a row that is gone', async () => {
    const [first = '', ...others] = LACKS;
    expect(await summary('fresh-machine.json', [passed, ...others.map(skippedFor)])).toMatchObject({
      exitCode: 1,
      stderr: `no test is skipped for ${first} on a fresh machine\n`,
    });
  });

  test('has a failure where a step failed without a failed test', async () => {
    expect(await summary('main.json', [passed], '7')).toEqual({
      exitCode: 1,
      stdout: '1 passed, 1 failed\n',
      stderr: 'a step of the gate ended with exit code 7\n',
    });
  });
});

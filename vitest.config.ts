import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Where CI has the results as JSON. */
const report = process.env['KEYSTONE_LDAP_TEST_REPORT'];

const LIVE = [
  'test/support/remove-state.ts',
  'test/support/needs/find-lacks.ts',
  'test/support/ensure-slapd.ts',
] as const;

/** What takes minutes: every write cut, every kill, every release of a kind. `LONG_TESTS=1` runs it too, as the gate does. */
const LONG = [
  'test/live/cut-at-writes/**/*.test.ts',
  'test/live/{access-matrix,endless-answers,large-group}.test.ts',
  'test/live/apply-files.test.ts',
  'test/live/{apply,seed}-killed.test.ts',
  'test/cli/{bounds,configure-killed}.test.ts',
];
/** Where Debian sid has another Keystone, the gate says so and goes on. */
const lacksKeystone30 = process.env['WITHOUT_KEYSTONE_30'] === '1';
const runsLong = process.env['LONG_TESTS'] === '1';

export default defineConfig({
  test: {
    retry: 0,
    // Only what hangs runs into it, also on a busy machine.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: [
      'default',
      './test/support/needs/lacks-reporter.ts',
      ...(report === undefined ? [] : ['json']),
    ],
    ...(report !== undefined && { outputFile: { json: report } }),
    // Journals of runs under test are not the user's; each file has its own below this folder.
    env: { KEYSTONE_LDAP_STATE_DIR: join(tmpdir(), `keystone-ldap-tests-${process.pid}`) },
    globalSetup: ['test/support/remove-state.ts'],
    setupFiles: ['test/support/own-state.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          globalSetup: ['test/support/needs/find-lacks.ts'],
          setupFiles: ['test/support/fixed-seed.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'live',
          include: ['test/**/*.test.ts'],
          exclude: [
            ...['test/unit/**', 'test/acceptance/**', 'test/twin/**', 'test/container/**', 'test/package/**'],
            ...(runsLong ? [] : LONG),
          ],
          globalSetup: [...LIVE],
        },
      },
      {
        extends: true,
        test: {
          name: 'package',
          include: ['test/package/**/*.test.ts'],
          globalSetup: [...LIVE, 'test/support/ensure-registry.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'container',
          include: ['test/container/**/*.test.ts'],
          globalSetup: ['test/support/ensure-docker.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'acceptance',
          include: ['test/acceptance/**/*.test.ts', 'test/twin/**/*.test.ts'],
          exclude: lacksKeystone30 ? ['test/twin/keystone-30.test.ts'] : [],
          globalSetup: [...LIVE, 'test/support/keystone/ensure-keystone.ts', 'test/twin/ensure-judges.ts'],
        },
      },
    ],
  },
});

/** `npm run twin -- --cases N --seed S --keystone 22`: new cases; each that differs is shrunk and kept in test/twin/kept. */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    keystone: { type: 'string', default: '22' },
  },
});
if (values.keystone !== '22') {
  console.error('Only Keystone 22, that of Debian 12, can be asked yet.');
  process.exit(2);
}
const env = {
  ...process.env,
  ...{ TWIN_CASES: values.cases, TWIN_SEED: values.seed, TWIN_KEEP: '1', REQUIRE_KEYSTONE: '1' },
};
const { status } = spawnSync('npx', ['vitest', 'run', '--project', 'acceptance', 'test/twin'], {
  env,
  stdio: 'inherit',
});
process.exit(status ?? 1);

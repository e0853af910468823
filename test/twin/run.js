/**
 * `npm run twin -- --cases N --seed S --keystone 22|27|30 --what driver|application|tls|domains`: new cases; each that
 * differs is shrunk and kept in test/twin/kept, or test/twin/system/kept.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const JUDGES = ['22', '27', '30'];
/** The driver alone, or the whole of the installed Keystone over HTTP. */
const WHAT = ['driver', 'application', 'tls', 'domains'];

const { cases, seed, keystone, what } = readArgs();
const env = {
  ...process.env,
  ...{ TWIN_CASES: cases, TWIN_SEED: seed, TWIN_JUDGE: keystone, TWIN_KEEP: '1' },
  ...{ REQUIRE_SLAPD: '1', [`REQUIRE_KEYSTONE_${keystone}`]: '1' },
};
const file = what === 'driver' ? `test/twin/keystone-${keystone}.test.ts` : 'test/twin/system/system.test.ts';
if (what !== 'driver') Object.assign(env, { TWIN_WHAT: what, REQUIRE_KEYSTONE: '1' });
const args = ['vitest', 'run', '--project', 'acceptance', file];
const { status } = spawnSync('npx', args, { env, stdio: 'inherit' });
process.exit(status ?? 1);

function readArgs() {
  try {
    const { values } = parseArgs({
      options: {
        cases: { type: 'string', default: '1000' },
        seed: { type: 'string', default: String(Date.now() % 1_000_000) },
        keystone: { type: 'string', default: '22' },
        what: { type: 'string', default: 'driver' },
      },
    });
    if (!JUDGES.includes(values.keystone))
      refuse(`--keystone ${values.keystone}: it is not one of ${JUDGES.join(', ')}.`);
    if (!WHAT.includes(values.what)) refuse(`--what ${values.what}: it is not one of ${WHAT.join(', ')}.`);
    if (values.what !== 'driver' && values.keystone !== '22')
      refuse(`--what ${values.what}: only the installed Keystone 22 can be asked over HTTP.`);
    if (!/^[1-9]\d{0,6}$/.test(values.cases))
      refuse(`--cases ${values.cases}: it is not a number from 1 to 9999999.`);
    if (!/^\d{1,9}$/.test(values.seed))
      refuse(`--seed ${values.seed}: it is not a number of up to 9 digits.`);
    return values;
  } catch (error) {
    return refuse(error.message);
  }
}

function refuse(why) {
  console.error(
    `${why}\nUsage: npm run twin -- [--cases N] [--seed S] [--keystone ${JUDGES.join('|')}] [--what ${WHAT.join('|')}]`,
  );
  process.exit(2);
}

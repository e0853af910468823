/** Seeding many users, and looking again, beside the OpenLDAP tools doing the same on the same slapd. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, URL } from 'node:url';
import { fillSandbox, findRelease, findSlapd, startSandbox } from '../dist/index.js';
import { asAdmin, CLI, DEFAULTS, median, QUICK, report, seconds } from './measure.js';

const USERS = QUICK ? 20_000 : 100_000;
const ROUNDS = QUICK ? 1 : 5;
const SUFFIX = 'dc=example,dc=com';
const PEOPLE = ['seed', '--generate', `users=${USERS},seed=42`];
const OFFLINE = [...PEOPLE, '-b', SUFFIX, '--offline'];

const slapd = await findSlapd(process.env);
const folder = await mkdtemp(join(tmpdir(), 'keystone-ldap-bench-'));
const users = join(folder, 'users.ldif');
const whole = join(folder, 'whole.ldif');
const times = { ldapadd: [], bulk: [], again: [], ldapsearch: [], slapadd: [], piped: [] };

/** A slapd.conf for slapadd with the schema and the indices of the sandbox. */
async function blankDatabase(name) {
  const directory = join(folder, name);
  await mkdir(directory);
  const schema = fileURLToPath(new URL('../schema/keystone/2011.3/keystone.schema', import.meta.url));
  const standard = ['core', 'cosine', 'nis', 'inetorgperson'].map((one) =>
    join(slapd.schemaDir, `${one}.schema`),
  );
  const lines = [
    ...[...standard, schema].map((file) => `include ${file}`),
    ...(slapd.modulePath === undefined ? [] : [`modulepath ${slapd.modulePath}`, 'moduleload back_mdb']),
    'database mdb',
    `suffix ${SUFFIX}`,
    `directory ${directory}`,
    'maxsize 4294967296',
    'index objectClass eq',
    'index cn,uid eq',
    'index member eq',
  ];
  const conf = join(folder, `${name}.conf`);
  await writeFile(conf, `${lines.join('\n')}\n`);
  return { conf, remove: () => rm(directory, { recursive: true }) };
}

async function online(task) {
  const server = await startSandbox({ slapd, ...DEFAULTS });
  try {
    await fillSandbox(server, { release: findRelease('2011.3') });
    await task(server, asAdmin(server));
  } finally {
    await server.stop();
  }
}

async function round(number) {
  await online(
    async (_, { env }) => void times.bulk.push(await seconds('node', [CLI, ...PEOPLE, '--bulk'], { env })),
  );
  await online(async (server, { flags, env }) => {
    times.ldapadd.push(await seconds('ldapadd', [...flags, '-f', users]));
    const search = [...flags, '-LLL', '-b', `ou=Users,${SUFFIX}`, '-s', 'one'];
    times.ldapsearch.push(await seconds('ldapsearch', search));
    times.again.push(await seconds('node', [CLI, ...PEOPLE], { env }));
  });
  const ready = await blankDatabase(`ready${number}`);
  times.slapadd.push(await seconds('slapadd', ['-q', '-f', ready.conf, '-l', whole]));
  await ready.remove();
  const piped = await blankDatabase(`piped${number}`);
  const pipe = `node "$0" "$@" | slapadd -q -f ${piped.conf}`;
  times.piped.push(await seconds('sh', ['-c', pipe, CLI, ...OFFLINE, '-', '--with-trees']));
  await piped.remove();
}

try {
  await seconds('node', [CLI, ...OFFLINE, users]);
  await seconds('node', [CLI, ...OFFLINE, whole, '--with-trees']);
  for (let number = 0; number < ROUNDS; number += 1) await round(number);
} finally {
  await rm(folder, { recursive: true, force: true });
}

const t = Object.fromEntries(Object.entries(times).map(([name, all]) => [name, median(all)]));
const rate = (name) => `${(USERS / t[name] / 1000).toFixed(1)} k/s`;
/** Of each round by itself: the machine may be slower in one than in another. */
const ratio = (above, below) => median(times[above].map((time, round) => time / times[below][round]));
const row = (work, [own, peer], quotient, [target, isReached]) =>
  report(
    work,
    `${quotient.toFixed(2)} × ${peer} (${rate(own)} beside ${rate(peer)}, medians of ${ROUNDS} rounds)`,
    target,
    isReached,
  );
const times10 = ratio('ldapadd', 'bulk');
row(`seed --bulk of ${USERS} users, rate beside ldapadd`, ['bulk', 'ldapadd'], times10, [
  '≥ 10',
  times10 >= 10,
]);
const ofSlapadd = ratio('slapadd', 'bulk');
row(`seed --bulk of ${USERS} users, rate beside slapadd -q`, ['bulk', 'slapadd'], ofSlapadd, [
  '≥ 0.2',
  ofSlapadd >= 0.2,
]);
const piped = ratio('piped', 'slapadd');
row(`seed --offline - | slapadd -q, time beside slapadd -q`, ['piped', 'slapadd'], piped, [
  '≤ 1.3',
  piped <= 1.3,
]);
const again = ratio('again', 'ldapsearch');
row('second seed with nothing to do, time beside ldapsearch', ['again', 'ldapsearch'], again, [
  '≤ 4',
  again <= 4,
]);

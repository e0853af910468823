/** The most memory that a seed takes, of a million users and of a hundred thousand: it must not grow with them. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fillSandbox, findRelease, findSlapd, startSandbox } from '../dist/index.js';
import { asAdmin, CLI, DEFAULTS, QUICK, report, seconds } from './measure.js';

const [FEW, MANY] = QUICK ? [10_000, 100_000] : [100_000, 1_000_000];
const MOST_MB = 200;
const slapd = await findSlapd(process.env);
const folder = await mkdtemp(join(tmpdir(), 'keystone-ldap-bench-'));
const probe = join(folder, 'peak');
/** Writes at its end how much memory the process had at most, in MB. */
const PROBE = `data:text/javascript,import{writeFileSync}from"node:fs";process.on("exit",()=>writeFileSync(process.env.PEAK,String(process.resourceUsage().maxRSS/1024)))`;

async function peak(args, env = {}) {
  await seconds('node', ['--import', PROBE, CLI, ...args], { env: { ...env, PEAK: probe } });
  return Number(await readFile(probe, 'utf8'));
}

async function online(users) {
  const server = await startSandbox({ slapd, ...DEFAULTS });
  try {
    await fillSandbox(server, { release: findRelease('2011.3') });
    return await peak(['seed', '--generate', `users=${users},seed=42`, '--bulk'], asAdmin(server).env);
  } finally {
    await server.stop();
  }
}

const offline = (users) =>
  peak(['seed', '--generate', `users=${users},seed=42`, '-b', 'dc=example,dc=com', '--offline', '/dev/null']);

for (const [way, run] of Object.entries({ online, offline })) {
  const [few, many] = [await run(FEW), await run(MANY)];
  report(
    `peak memory of seed, ${way}, ${MANY} users beside ${FEW}`,
    `${(many / few).toFixed(2)} × (${many.toFixed(0)} MB beside ${few.toFixed(0)} MB)`,
    `≤ 1.3, and < ${MOST_MB} MB`,
    many / few <= 1.3 && many < MOST_MB,
  );
}
await rm(folder, { recursive: true, force: true });

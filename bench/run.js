/**
 * Runs all benches, one after the other, and fails where one misses its target: `npm run bench`. With `--quick` fewer
 * entries; with `--write` the results go into docs/performance.md.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath, URL } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const DOCUMENT = fileURLToPath(new URL('../docs/performance.md', import.meta.url));
const SHARED = new Set(['run.js', 'measure.js']);
const LINE = /^(.+?): (.+), to be (.+?)( \(MISSED\))?$/;

const flags = process.argv.slice(2);
const rows = [];
for (const file of (await readdir(folder))
  .filter((name) => name.endsWith('.js') && !SHARED.has(name))
  .sort()) {
  const child = spawn(process.execPath, [`${folder}${file}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...(flags.includes('--quick') && { KEYSTONE_LDAP_BENCH: 'quick' }) },
  });
  for await (const line of createInterface(child.stdout)) {
    console.log(line);
    const [, work, measured, target, missed] = LINE.exec(line) ?? [];
    if (work !== undefined) rows.push({ work, measured, target, missed: missed !== undefined });
  }
  if (child.exitCode === null) await once(child, 'exit');
  if (child.exitCode !== 0) process.exitCode = 1;
}
if (flags.includes('--write')) await write();

async function write() {
  const text = await readFile(DOCUMENT, 'utf8');
  const table = rows.map(({ work, measured, target, missed }) => {
    const cells = [work, measured, target, missed ? '**no**' : 'yes'];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  const results = [
    facts(),
    '',
    '| work | measured | to be | reached |',
    '| --- | --- | --- | --- |',
    ...table,
  ].join('\n');
  await writeFile(
    DOCUMENT,
    text.replace(/(<!-- results -->\n).*(\n<!-- end of results -->)/s, (_, start, end) =>
      [start, '\n', results, '\n', end].join(''),
    ),
  );
  execFileSync('npx', ['prettier', '--write', DOCUMENT]);
}

function facts() {
  const cpu = os.cpus();
  const slapd = execFileSync('sh', ['-c', 'slapd -VV 2>&1 || true'], { encoding: 'utf8' });
  const version = /slapd ([\d.]+)/.exec(slapd)?.[1] ?? 'of an unknown version';
  const load = os.loadavg()[0].toFixed(1);
  const quick = flags.includes('--quick') ? ' These are of `--quick`, with fewer entries.' : '';
  return `${cpu.length} × ${cpu[0]?.model ?? 'unknown CPU'}, ${Math.round(os.totalmem() / 2 ** 30)} GB, ${os.type()} ${os.release()}, Node ${process.version}, slapd ${version}, load ${load} at the end, ${new Date().toISOString().slice(0, 10)}.${quick}`;
}

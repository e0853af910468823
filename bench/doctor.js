/**
 * What the doctor costs with many users: `node bench/doctor.js [COUNT]`, 100,000 unless told, after `npm run build`.
 * Prints time, requests and the growth of memory; the number of requests is the same as for two users.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import * as timers from 'node:timers';
import { doctor, findRelease, openSession, readKeystoneFiles, startSandbox } from '../dist/index.js';

const COUNT = Number(process.argv[2] ?? 100_000);
const WINDOW = 64;

const sandbox = await startSandbox();
const { suffix, ldapiUri, uri, bindDn, password } = sandbox;
const users = `ou=Users,${suffix}`;
const unit = (dn, ou) => ({ dn, attributes: { objectClass: ['organizationalUnit'], ou: [ou] } });
const manager = await openSession({ uri: ldapiUri, credentials: { kind: 'external' } });
const base = { objectClass: ['organization', 'dcObject'], o: ['Example'], dc: ['example'] };
await manager.add({ dn: suffix, attributes: base });
await manager.add(unit(users, 'Users'));
await manager.add(unit(`ou=UserGroups,${suffix}`, 'UserGroups'));
const numbers = Array.from({ length: COUNT }, (_, at) => at).values();
const lane = async () => {
  for (const at of numbers) {
    const attributes = { objectClass: ['inetOrgPerson'], cn: [`user${at}`], sn: [`user${at}`] };
    await manager.add({ dn: `cn=user${at},${users}`, attributes });
  }
};
await Promise.all(Array.from({ length: WINDOW }, lane));

const folder = await mkdtemp(join(tmpdir(), 'keystone-ldap-bench-'));
const file = join(folder, 'keystone.conf');
const account = `user = ${bindDn}\npassword = ${password.reveal()}\n`;
const ldap = `[ldap]\nurl = ${uri}\nsuffix = ${suffix}\npage_size = 1000\n${account}`;
await writeFile(file, `[identity]\ndriver = ldap\n${ldap}`, { mode: 0o600 });
const source = { files: [file] };
const files = await readKeystoneFiles(source, findRelease('2026.1'));
const [before, start] = [process.memoryUsage().rss, performance.now()];
let requests = 0;
let most = before;
const timer = timers.setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 20);
const onExamined = (examined) => (requests = examined.requests);
for await (const { code, message } of doctor({ files, source, onExamined }))
  console.log(`${code}: ${message}`);
timers.clearInterval(timer);
const seconds = ((performance.now() - start) / 1000).toFixed(1);
const megabytes = ((most - before) / 2 ** 20).toFixed(0);
console.log(`${COUNT} users: ${seconds} s, ${requests} requests, ${megabytes} MB more at most`);
await rm(folder, { recursive: true });
await manager[Symbol.asyncDispose]();
await sandbox.stop();

/** Small work, whose time is that of the process: the version, and a server set up with the sample data. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fillSandbox, findRelease, findSlapd, formatLdif, openSession, startSandbox } from '../dist/index.js';
import { asAdmin, CLI, DEFAULTS, median, report, seconds } from './measure.js';

const ROUNDS = 7;
/** The releases whose sample data is measured: hashes that Keystone compares take a tenth of a second each. */
const RELEASES = ['2011.3', '2026.1'];

const slapd = await findSlapd(process.env);

async function medianOf(task) {
  const times = [];
  for (let round = 0; round < ROUNDS; round += 1) times.push(await task());
  return median(times);
}

const version = await medianOf(() => seconds('node', [CLI, '--version']));
const node = await medianOf(() => seconds('node', ['-e', '0']));
report(
  '--version, time beside node -e 0',
  `${(version / node).toFixed(2)} × (${(version * 1000).toFixed(0)} ms beside ${(node * 1000).toFixed(0)} ms, medians of ${ROUNDS})`,
  '< 2',
  version / node < 2,
);

/** What a finished server holds, as the two files that one would write by hand. */
async function filesOf(release, folder) {
  const server = await startSandbox({ slapd, ...DEFAULTS });
  await fillSandbox(server, { release: findRelease(release), seed: true });
  const session = await openSession({ uri: server.ldapiUri, credentials: { kind: 'external' } });
  const all = { base: server.suffix, scope: 'sub', filter: '(objectClass=*)', attributes: ['*'] };
  const tree = [];
  for await (const entry of session.search(all)) tree.push(entry);
  const schema = [];
  const own = { base: 'cn=schema,cn=config', scope: 'one', filter: '(cn=*keystone*)', attributes: ['*'] };
  for await (const entry of session.search(own)) schema.push(entry);
  await session[Symbol.asyncDispose]();
  await server.stop();
  const [treeFile, schemaFile] = [join(folder, 'tree.ldif'), join(folder, 'schema.ldif')];
  await writeFile(treeFile, formatLdif(tree));
  await writeFile(schemaFile, formatLdif(schema));
  return { treeFile, schemaFile, hasSchema: schema.length > 0 };
}

for (const release of RELEASES) {
  const folder = await mkdtemp(join(tmpdir(), 'keystone-ldap-bench-'));
  const { treeFile, schemaFile, hasSchema } = await filesOf(release, folder);
  const onNew = async (task) => {
    const server = await startSandbox({ slapd, ...DEFAULTS });
    try {
      return await task(asAdmin(server), server);
    } finally {
      await server.stop();
    }
  };
  const own = await medianOf(() =>
    onNew(async ({ env }) => {
      const init = await seconds('node', [CLI, 'init', '-r', release], { env });
      return init + (await seconds('node', [CLI, 'seed', '-r', release], { env }));
    }),
  );
  const peer = await medianOf(() =>
    onNew(async ({ flags }, server) => {
      const config = ['-Q', '-Y', 'EXTERNAL', '-H', server.ldapiUri, '-f', schemaFile];
      const schema = hasSchema ? await seconds('ldapadd', config) : 0;
      return schema + (await seconds('ldapadd', [...flags, '-f', treeFile]));
    }),
  );
  await rm(folder, { recursive: true, force: true });
  report(
    `init and seed of the sample data of ${release}, time beside ldapadd`,
    `${(own / peer).toFixed(1)} × (${(own * 1000).toFixed(0)} ms beside ${(peer * 1000).toFixed(0)} ms, medians of ${ROUNDS}; node -e 0 twice: ${((2 * node) / peer).toFixed(1)} ×)`,
    '≤ 6',
    own / peer <= 6,
  );
}

/** How the time of each reader grows with its input: twice as much must not take four times as long. */
import { Buffer } from 'node:buffer';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Readable } from 'node:stream';
import { parseDn } from '../dist/directory/dn.js';
import { parseLdif } from '../dist/directory/ldif.js';
import { OSLO_CONFIG } from '../dist/keystone-conf/document/conf-dialect.js';
import { parseConf } from '../dist/keystone-conf/document/document.js';
import { effectiveNamed } from '../dist/keystone-conf/modern/effective-option.js';
import { upgradeConf } from '../dist/keystone-conf/upgrade/upgrade-conf.js';
import { csvUsers } from '../dist/identities/users/csv-users.js';
import { journalLines } from '../dist/history/journal-lines.js';
import { parseSavedPlan } from '../dist/system/saved-plan.js';
import { parseSchemaText } from '../dist/schema/parse-schema-text.js';
import { parseIdentities } from '../dist/identities/read/parse-identities.js';
import { QUICK, report } from './measure.js';

const LARGEST_EXPONENT = 1.2;
const SCALES = [1, 2, 4, 8];
/** The fastest of them counts: what else the machine does only adds. */
const ROUNDS = QUICK ? 3 : 7;

const folder = mkdtempSync(join(tmpdir(), 'keystone-ldap-growth-'));
const journal = join(folder, 'run.jsonl');

const lines = (count, line) => Array.from({ length: count }, (_, at) => line(at)).join('\n');
const conf = (text) => parseConf(Buffer.from(text), 'keystone.conf', OSLO_CONFIG);
const suffix = (text) => effectiveNamed(conf(text), 'zed', 'suffix');

/** For each reader the input of one unit and the reading of it. */
const READERS = {
  'keystone.conf: options': [20_000, (n) => `[ldap]\n${lines(n, (at) => `option${at} = x`)}\n`, conf],
  'keystone.conf: an upgrade': [
    1000,
    (n) => `[ldap]\n${lines(n, (at) => `option${at} = x`)}\n`,
    (text) => upgradeConf(conf(text), 'liberty', 'zed'),
  ],
  'keystone.conf: one long value': [4_000_000, (n) => `[ldap]\nsuffix = a${' '.repeat(n)}b\n`, suffix],
  'keystone.conf: references': [
    8000,
    (n) =>
      `[ldap]\nsuffix = ${lines(n, (at) => `$v${at}`).replaceAll('\n', ' ')}\n${lines(n, (at) => `v${at} = $v${at + 1}`)}\n`,
    suffix,
  ],
  'schema: definitions': [
    4000,
    (n) => lines(n, (at) => `attributetype ( 1.2.${at}\n  NAME 'a${at}'\n  DESC 'x'\n  SUP name )\n`),
    (text) => parseSchemaText(text, 'a.schema'),
  ],
  'schema: one definition of many lines': [
    16_000,
    (n) => `objectclass ( 1.2 NAME 'c' MAY (\n${lines(n, (at) => ` a${at} $`)}\n b ) )\n`,
    (text) => parseSchemaText(text, 'a.schema'),
  ],
  'LDIF: records': [
    8000,
    (n) => lines(n, (at) => `dn: cn=${at}\nobjectClass: person\ncn: ${at}\n`),
    parseLdif,
  ],
  'LDIF: one folded value': [40_000, (n) => `dn: cn=a\ncn: a\n${lines(n, () => ' abcdefghij')}\n`, parseLdif],
  'DN: RDNs': [8000, (n) => lines(n, (at) => `cn=a\\,${at}`).replaceAll('\n', ','), parseDn],
  'YAML: users': [
    400,
    (n) => `users:\n${lines(n, (at) => `  - name: user${at}\n    email: user${at}@example.org`)}\n`,
    (text) => parseIdentities([{ file: 'a.yaml', text }], {}),
  ],
  'YAML: a chain of merges': [
    400,
    (n) =>
      `users:\n  - &u0 { name: u0 }\n${lines(n, (at) => `  - &u${at + 1} { <<: *u${at}, name: u${at + 1} }`)}\n`,
    (text) => parseIdentities([{ file: 'a.yaml', text }], {}),
  ],
  'CSV: users': [
    4000,
    (n) => `name,email\n${lines(n, (at) => `user${at},user${at}@example.org`)}\n`,
    async (text) => {
      for await (const users of csvUsers('a.csv', () => Readable.from([Buffer.from(text)])).users(() => {}))
        if (users.length === 0) return;
    },
  ],
  'a plan that was saved': [
    4000,
    (n) =>
      JSON.stringify({
        ...{ keystoneLdapPlan: 1, configFile: 'a.yaml', flags: {}, ids: {} },
        made: {
          ...{ target: {}, declaration: '', files: [] },
          changes: Array.from({ length: n }, (_, at) => ({ kind: 'add-entry', dn: `cn=${at}`, label: 'x' })),
        },
      }),
    (text) => parseSavedPlan(text, 'a.json'),
  ],
  'a journal': [
    4000,
    (n) => lines(n, (at) => JSON.stringify({ kind: 'add-schema', dn: `cn=${at}`, label: 'x' })),
    async (text) => {
      writeFileSync(journal, text);
      for await (const line of journalLines(journal)) if (line === undefined) return;
    },
  ],
};

for (const [reader, [unit, write, read]] of Object.entries(READERS)) {
  const texts = SCALES.map((scale) => write(unit * scale));
  for (const text of texts) await read(text);
  const times = [];
  for (const text of texts) {
    const taken = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const before = performance.now();
      await read(text);
      taken.push(performance.now() - before);
    }
    times.push(Math.min(...taken));
  }
  const exponent = Math.log(times.at(-1) / times[0]) / Math.log(SCALES.at(-1) / SCALES[0]);
  const measured = `exponent ${exponent.toFixed(2)} (${times.at(-1).toFixed(0)} ms at most)`;
  report(`growth, ${reader}`, measured, `at most ${LARGEST_EXPONENT}`, exponent <= LARGEST_EXPONENT);
}
rmSync(folder, { recursive: true });

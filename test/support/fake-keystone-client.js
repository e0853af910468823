#!/usr/bin/env node
// A stand-in for the "keystone" client of API v2.0: keeps rows in the file FAKE_STATE, shows them as tables, and writes
// every command line that changes something into FAKE_LOG.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';

const { FAKE_STATE, FAKE_LOG } = process.env;
const argv = process.argv.slice(2);
const state = JSON.parse(readFileSync(FAKE_STATE, 'utf8'));

/** The columns as the client of Essex had them, which put the name of a user last. */
const COLUMNS = {
  tenant: ['id', 'name', 'enabled'],
  user: ['id', 'enabled', 'email', 'name'],
  role: ['id', 'name'],
  service: ['id', 'name', 'type', 'description'],
  endpoint: ['id', 'region', 'publicurl', 'internalurl', 'adminurl'],
  'user-role': ['id', 'name', 'user_id', 'tenant_id'],
  'ec2-credentials': ['tenant', 'access', 'secret'],
};

const options = new Map();
for (let at = 1; at < argv.length; at += 1) {
  const [name, inline] = argv[at].split(/=(.*)/s);
  options.set(name.replace(/^--/, '').replace(/[-_]id$/, ''), inline ?? argv[++at]);
}

const table = (columns, rows) => {
  const line = (cells) => `| ${cells.map((cell) => String(cell ?? '').padEnd(12)).join(' | ')} |\n`;
  const rule = `+${columns.map(() => '-'.repeat(14)).join('+')}+\n`;
  return [rule, line(columns), rule, ...rows.map((row) => line(columns.map((one) => row[one]))), rule].join(
    '',
  );
};

const nameOf = (kind, id) => state[kind].find((row) => row.id === id)?.name;

const [, kind, verb] = /^(.*)-(list|create|add)$/.exec(argv[0]) ?? [];
const rows = (state[kind] ??= []);
if (verb === 'list') {
  const mine = rows.filter((row) =>
    ['user', 'tenant'].every((key) => !options.has(key) || row.of[key] === options.get(key)),
  );
  process.stdout.write(table(COLUMNS[kind], mine));
} else {
  appendFileSync(FAKE_LOG, `${JSON.stringify(argv)}\n`);
  const row = {
    ...Object.fromEntries(options),
    id: `${kind}-id-${rows.length + 1}`,
    of: Object.fromEntries(options),
  };
  if (kind === 'user-role') Object.assign(row, { id: row.role, name: nameOf('role', row.role) });
  if (kind === 'ec2-credentials')
    Object.assign(row, { tenant: nameOf('tenant', row.tenant), access: 'key', secret: 's' });
  rows.push(row);
  writeFileSync(FAKE_STATE, JSON.stringify(state));
  process.stdout.write(table(COLUMNS[kind], [row]));
}

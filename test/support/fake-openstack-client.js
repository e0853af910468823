#!/usr/bin/env node
// A stand-in for "openstack" and "keystone-manage": writes every command line, and what of the environment it must get
// its secrets by, into FAKE_LOG; lists are lines of the file FAKE_STATE.
import { appendFileSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

const { FAKE_STATE, FAKE_LOG, OS_BOOTSTRAP_PASSWORD, OS_USERNAME, OS_PASSWORD } = process.env;
const argv = [basename(process.argv[1]), ...process.argv.slice(2)];
appendFileSync(
  FAKE_LOG,
  `${JSON.stringify({ argv, env: { OS_BOOTSTRAP_PASSWORD, OS_USERNAME, OS_PASSWORD } })}\n`,
);
const lists = JSON.parse(readFileSync(FAKE_STATE, 'utf8'));
for (const line of lists[argv.slice(1, 3).join(' ')] ?? []) process.stdout.write(`${line}\n`);

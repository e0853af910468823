import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder with stand-ins for clients. */
export interface FakeClients {
  /** Runs a script by a shell that finds the stand-ins first; gives what they logged in this run, as JSON values. */
  run(script: string, env?: Readonly<Record<string, string>>): ScriptRun;
}

interface ScriptRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly log: readonly unknown[];
}

/** Stand-ins of these names, each the program of test/support; `state` is what they know before. */
export function fakeClients(program: string, names: readonly string[], state: unknown): FakeClients {
  const dir = mkdtempSync(join(tmpdir(), 'keystone-ldap-fake-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  copyFileSync(join(import.meta.dirname, program), join(dir, 'fake.mjs'));
  for (const name of names) symlinkSync('fake.mjs', join(dir, name));
  const [log, stateFile, scriptFile] = ['log', 'state', 'script.sh'].map((name) => join(dir, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(stateFile, JSON.stringify(state));
  return {
    run: (script, env = {}) => {
      rmSync(log, { force: true });
      writeFileSync(scriptFile, script);
      const path = [dir, dirname(process.execPath), '/usr/bin', '/bin'].join(':');
      const { status, stdout, stderr } = spawnSync('/bin/sh', [scriptFile], {
        encoding: 'utf8',
        env: { PATH: path, FAKE_STATE: stateFile, FAKE_LOG: log, ...env },
      });
      const lines = existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : [];
      return { exitCode: status, stdout, stderr, log: lines.map((line): unknown => JSON.parse(line)) };
    },
  };
}

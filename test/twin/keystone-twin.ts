import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { PYTHON } from '../support/keystone/find-keystone.ts';
import type { Answer, Login } from './answer.ts';

/** A Keystone that answers for many cases: starting one takes a second, an answer some milliseconds. */
export interface KeystoneTwin extends AsyncDisposable {
  ask(conf: string, logins: readonly Login[]): Promise<Answer>;
}

const SCRIPT = fileURLToPath(new URL('keystone_twin.py', import.meta.url));

/** Starts the LDAP driver of the Keystone that is installed, in a process of its own. */
export function startKeystoneTwin(): KeystoneTwin {
  const child = spawn(PYTHON, [SCRIPT], { stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(conf, logins) {
      child.stdin.write(`${JSON.stringify({ conf, logins })}\n`);
      const line = await lines.next();
      if (line.done === true) throw new Error('The process of Keystone has ended.');
      return JSON.parse(line.value) as Answer;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
    },
  };
}

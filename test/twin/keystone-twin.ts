import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Answer, Login } from './answer.ts';
import { judgeCommand, type Judge } from './judge.ts';

/** A Keystone that answers for many cases: starting one takes a second, an answer some milliseconds. */
export interface KeystoneTwin extends AsyncDisposable {
  ask(conf: string, logins: readonly Login[]): Promise<Answer>;
}

const MOST_ERROR_BYTES = 10_000;

/** Starts the LDAP driver of this Keystone in a process of its own. */
export function startKeystoneTwin(judge: Judge): KeystoneTwin {
  const [program, ...args] = judgeCommand(judge, 'keystone_twin.py');
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-MOST_ERROR_BYTES);
  });
  // What it had to say is reported when no answer comes.
  child.stdin.on('error', () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(conf, logins) {
      child.stdin.write(`${JSON.stringify({ conf, logins })}\n`);
      const line = await lines.next();
      if (line.done === true) throw new Error(`The process of Keystone ${judge.name} has ended. ${errors}`);
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

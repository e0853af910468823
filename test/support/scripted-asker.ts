import type { Asker } from '../../src/cli/terminal/asker.ts';
import { KeystoneLdapError } from '../../src/errors.ts';

/** A person who gives these answers in turn, and then presses Ctrl-C; `default` takes what the question offers. */
export function scriptedAsker(answers: readonly string[]): {
  readonly asker: Asker;
  /** The questions so far, with what they offered. */
  readonly asked: readonly string[];
} {
  const asked: string[] = [];
  const answer = (message: string, initial?: string): Promise<string> => {
    asked.push(initial === undefined ? message : `${message} [${initial}]`);
    const given = answers[asked.length - 1];
    if (given === undefined) return Promise.reject(new KeystoneLdapError('CANCELLED', 'Interrupted.'));
    return Promise.resolve(given === 'default' ? (initial ?? '') : given);
  };
  const asker: Asker = {
    input: answer,
    password: (message) => answer(message),
    choose: (message) => answer(message),
    confirm: async (message) => (await answer(message)) === 'yes',
  };
  return { asker, asked };
}

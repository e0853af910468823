import { KeystoneLdapError } from '../../errors.ts';
import type { Asker } from './asker.ts';

/** Prompts on stderr, so that stdout stays the result. inquirer is loaded when the first question comes up. */
export function inquirerAsker(
  stdin: NodeJS.ReadableStream,
  stderr: NodeJS.WritableStream,
  signal: AbortSignal,
): Asker {
  const ask = async (question: Question): Promise<unknown> => {
    const { default: inquirer } = await import('inquirer');
    const prompt = inquirer.createPromptModule({ input: stdin, output: stderr, signal });
    try {
      return (await prompt<{ answer: unknown }>([{ name: 'answer', ...question }])).answer;
    } catch (error) {
      if (error instanceof Error && ['ExitPromptError', 'AbortPromptError'].includes(error.name))
        throw new KeystoneLdapError('CANCELLED', 'Interrupted.', { cause: error });
      throw error;
    }
  };
  return {
    input: async (message, initial) =>
      String(await ask({ type: 'input', message, ...(initial === undefined ? {} : { default: initial }) })),
    password: async (message) => String(await ask({ type: 'password', message, mask: '*' })),
    choose: async (message, choices) => String(await ask({ type: 'select', message, choices })),
    confirm: async (message) => (await ask({ type: 'confirm', message, default: false })) === true,
  };
}

type Question =
  | { readonly type: 'input'; readonly message: string; readonly default?: string }
  | { readonly type: 'password'; readonly message: string; readonly mask: string }
  | { readonly type: 'select'; readonly message: string; readonly choices: readonly string[] }
  | { readonly type: 'confirm'; readonly message: string; readonly default: boolean };

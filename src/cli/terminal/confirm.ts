import { KeystoneLdapError } from '../../errors.ts';
import type { Io } from './io.ts';

/** What a command that asks before it acts is told instead. */
export interface ConfirmFlags {
  readonly yes?: boolean;
}

/** Whether the user agrees. @throws `USAGE` where nobody can be asked and no flag says it */
export async function confirmed(question: string, { yes = false }: ConfirmFlags, io: Io): Promise<boolean> {
  return yes || (await askable(io).confirm(question));
}

/** Whether the user types this word, for what is not to be agreed to by habit. @throws `USAGE` */
export async function typed(
  question: string,
  isRight: (answer: string) => boolean,
  { yes = false }: ConfirmFlags,
  io: Io,
): Promise<boolean> {
  return yes || isRight((await askable(io).input(question)).trim());
}

function askable({ asker }: Io): NonNullable<Io['asker']> {
  if (asker !== undefined) return asker;
  throw new KeystoneLdapError('USAGE', 'Nobody can be asked whether to go on.', {
    hint: 'Look with --dry-run first, then add --yes.',
  });
}

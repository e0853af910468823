import type { Command } from 'commander';
import { nearestWord } from '../../did-you-mean.ts';
import type { Io } from './io.ts';

/** commander exits the process and writes to it unless told otherwise, command by command. */
export function configureOutput(command: Command, io: Io): Command {
  return requireLate(command)
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError('hint: Add --help for all commands, flags and examples.')
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: (text, write) => write(withGuess(withoutValue(text))),
      getOutHasColors: () => io.colour,
      getErrHasColors: () => io.colour,
    });
}

/** commander asks for what is missing before it knows that a flag was misspelled, which says more. */
function requireLate(command: Command): Command {
  const required = command.options.filter(({ mandatory }) => mandatory);
  for (const option of required) option.makeOptionMandatory(false);
  return required.length === 0
    ? command
    : command.hook('preAction', () => {
        const missing = required.find((one) => command.getOptionValue(one.attributeName()) === undefined);
        if (missing !== undefined) command.error(`error: required option '${missing.flags}' not specified`);
      });
}

/** A flag that is not known may have been meant for a password: of `--password=x` and `-wx` only the flag is repeated. */
function withoutValue(text: string): string {
  return text.replace(/(unknown option '(?:--[^=\n]*=|-[^-\n])).+'/s, "$1***'");
}

/** commander guesses at commands and flags, and not at the values that a flag takes. */
function withGuess(text: string): string {
  const found = /'([^']*)' is invalid(?: for argument '.*')?[.] Allowed choices are (.*)[.]/.exec(text);
  const nearest = nearestWord(found?.[1] ?? '', found?.[2]?.split(', ') ?? []);
  return nearest === undefined ? text : `${text.trimEnd()}\n(Did you mean ${nearest}?)\n`;
}

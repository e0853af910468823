import type { Command } from 'commander';

/**
 * What the program would say against a command line, without running it: a command or flag that there is not, a value
 * that is none of the choices, an operand too many or too few. `undefined` for one that is right.
 */
export function parseFault(program: Command, words: readonly string[]): string | undefined {
  const at = words.indexOf('--');
  const [command, rest] = descend(program, at === -1 ? words : words.slice(0, at));
  try {
    const { operands, unknown } = command.parseOptions([...rest]);
    if (unknown.length > 0) return `unknown: ${unknown.join(' ')}`;
    const expected = command.registeredArguments;
    if (operands.length < expected.filter((argument) => argument.required).length)
      return 'an operand is missing';
    const last = expected.at(-1);
    if (operands.length > expected.length && last?.variadic !== true)
      return `too many: ${operands.join(' ')}`;
    for (const [index, operand] of operands.entries()) {
      const choices = expected[index]?.argChoices;
      if (choices !== undefined && !choices.includes(operand))
        return `${operand} is none of ${choices.join()}`;
    }
    return undefined;
  } catch (error) {
    return String(error);
  }
}

function descend(command: Command, words: readonly string[]): readonly [Command, readonly string[]] {
  const [first, ...rest] = words;
  const sub = command.commands.find((each) => each.name() === first);
  return sub === undefined ? [command, words] : descend(sub, rest);
}

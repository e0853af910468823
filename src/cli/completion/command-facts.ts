import type { Argument, Command, Option } from 'commander';
import { valuesOf, type Values } from './value-source.ts';

/** A command and what it takes, as data: completion scripts and the manual are made from this. */
export interface CommandFacts {
  /** As it is typed, without the program: `['schema', 'diff']`. */
  readonly path: readonly string[];
  readonly summary: string;
  readonly description: string;
  /** `[options] <file>` */
  readonly usage: string;
  readonly flags: readonly FlagFacts[];
  readonly operands: readonly OperandFacts[];
  readonly commands: readonly CommandFacts[];
  /** Whether another command may stand behind `--`. */
  readonly wraps: boolean;
  /** What its help ends with: the examples. */
  readonly epilogue: string;
}

export interface FlagFacts {
  /** `-r` and `--release`, the short one first. */
  readonly names: readonly string[];
  /** As in the help: what it does, its choices, its default and its variable. */
  readonly description: string;
  /** `<release>`; absent where it takes no value. */
  readonly placeholder: string | undefined;
  readonly values: Values;
}

export interface OperandFacts {
  /** `<file>` or `[release]` */
  readonly placeholder: string;
  readonly description: string;
  readonly isVariadic: boolean;
  readonly values: Values;
}

/** Everything that the help of the program and of its commands shows. */
export function commandFacts(
  command: Command,
  path: readonly string[] = [],
  beside: readonly Command[] = [],
): CommandFacts {
  const help = command.createHelp();
  const below = help.visibleCommands(command);
  return {
    path,
    summary: command.summary() || command.description(),
    description: command.description(),
    usage: command.usage(),
    flags: help.visibleOptions(command).map((option) => ({
      names: [option.short, option.long].filter((name) => name !== undefined),
      description: help.optionDescription(option),
      placeholder: placeholderOf(option),
      values: valuesOf(placeholderOf(option), option.argChoices),
    })),
    operands: command.registeredArguments.map((argument) => operandFacts(argument, beside)),
    commands: below.map((sub) => commandFacts(sub, [...path, sub.name()], command.commands)),
    wraps: 'wrapped' in command,
    epilogue: epilogueOf(command),
  };
}

/** The command itself and all below it, in the order of the help. */
export function allCommands(facts: CommandFacts): readonly CommandFacts[] {
  return [facts, ...facts.commands.flatMap(allCommands)];
}

function placeholderOf({ flags }: Option): string | undefined {
  return /[<[][^>\]]+[>\]]$/.exec(flags)?.[0];
}

function operandFacts(argument: Argument, beside: readonly Command[]): OperandFacts {
  const name = argument.name();
  const dots = argument.variadic ? '...' : '';
  // The operand of `help` is one of the commands beside it.
  const choices = name === 'command' ? beside.map((sub) => sub.name()) : argument.argChoices;
  return {
    placeholder: argument.required ? `<${name}${dots}>` : `[${name}${dots}]`,
    description: argument.description,
    isVariadic: argument.variadic,
    values: valuesOf(`<${name}>`, choices),
  };
}

/** What `addHelpText` added; commander hands it out only while it prints the help. */
function epilogueOf(command: Command): string {
  const own = command.configureOutput();
  let text = '';
  command.configureOutput({ writeOut: (more) => (text += more) });
  command.outputHelp();
  command.configureOutput(own);
  return text.slice(command.helpInformation().length).trim();
}

import { allCommands, type CommandFacts, type FlagFacts } from '../completion/command-facts.ts';
import { examplesIn, type Example } from '../flags/examples.ts';
import { roffLine, roffParagraph, roffText } from './roff.ts';

export interface ManualPage {
  /** `keystone-ldap-schema-diff.1` */
  readonly file: string;
  readonly text: string;
}

/** What stands at the foot of a page. */
interface Stamp {
  readonly version: string;
  /** ISO 8601 */
  readonly date: string;
}

/** The manual in man(7): a page for the program and for each command, made from what its help says. */
export function manualPages(program: CommandFacts, stamp: Stamp): readonly ManualPage[] {
  const all = allCommands(program).filter(({ path }) => path.join() !== 'help');
  return all.map((command) => ({ file: `${pageName(command)}.1`, text: page(command, stamp) }));
}

function page(command: CommandFacts, { version, date }: Stamp): string {
  const { summary, description, flags, commands, operands, epilogue } = command;
  const name = pageName(command);
  const isProgram = command.path.length === 0;
  const brief = (isProgram ? SUBJECT : summary).replace(/[.]$/, '');
  return [
    `.TH ${name.toUpperCase()} 1 "${date}" "keystone\\-ldap ${version}" "User Commands"`,
    '.SH NAME',
    `${roffText(name)} \\- ${roffText(brief)}`,
    '.SH SYNOPSIS',
    ...synopsis(command),
    '.SH DESCRIPTION',
    ...description
      .split(/\n+/)
      .flatMap((paragraph) => ['.PP', roffParagraph(paragraph)])
      .slice(1),
    ...section('COMMANDS', commands.filter(({ path }) => path.join() !== 'help').flatMap(commandEntry)),
    ...section(
      'ARGUMENTS',
      operands.flatMap((operand) => entry(`\\fI${roffText(operand.placeholder)}\\fR`, operand.description)),
    ),
    ...section('OPTIONS', flags.flatMap(flagEntry)),
    ...section(
      'EXIT STATUS',
      isProgram ? EXIT_STATUS.flatMap(([code, meaning]) => entry(code, meaning)) : [],
    ),
    ...section('EXAMPLES', examplesIn(epilogue).flatMap(exampleLines).slice(1)),
    ...section('SEE ALSO', seeAlso(command)),
    '',
  ].join('\n');
}

const SUBJECT = 'make OpenLDAP an identity store for OpenStack Keystone';

const EXIT_STATUS = [
  ['0', 'yes, or done'],
  ['1', 'no: drift, or findings'],
  ['2', 'could not'],
  ['130', 'interrupted by Ctrl-C'],
  ['143', 'interrupted by SIGTERM'],
] as const;

function pageName({ path }: CommandFacts): string {
  return ['keystone-ldap', ...path].join('-');
}

/** The pages of what a command belongs to. */
function seeAlso({ path }: CommandFacts): readonly string[] {
  const above = path.map((_, depth) => ['keystone-ldap', ...path.slice(0, depth)].join('-'));
  return above.map((name, at) => `.BR ${roffText(name)} (1)${at < above.length - 1 ? ',' : ''}`);
}

function synopsis({ path, usage }: CommandFacts): readonly string[] {
  const typed = ['keystone-ldap', ...path].join(' ');
  const lines = `${typed} ${usage}`.split('\n').map((line) => roffLine(line.trim()));
  return ['.nf', ...lines, '.fi'];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`.SH ${title}`, ...lines];
}

function commandEntry(command: CommandFacts): readonly string[] {
  return ['.TP', `.BR ${roffText(pageName(command))} (1)`, roffParagraph(command.summary)];
}

function flagEntry({ names, placeholder, description }: FlagFacts): readonly string[] {
  const value = placeholder === undefined ? '' : ` \\fI${roffText(placeholder)}\\fR`;
  return entry(names.map((name) => `\\fB${roffText(name)}\\fR${value}`).join(', '), description);
}

function entry(tag: string, text: string): readonly string[] {
  return ['.TP', tag, roffParagraph(text)];
}

function exampleLines({ purpose, lines }: Example): readonly string[] {
  return ['.PP', roffLine(purpose), '.PP', '.RS 4', '.nf', ...lines.map(roffLine), '.fi', '.RE'];
}

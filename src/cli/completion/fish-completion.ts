import type { CommandFacts, FlagFacts, OperandFacts } from './command-facts.ts';
import { allCommands } from './command-facts.ts';
import type { Values } from './value-source.ts';
import { brief } from './brief.ts';
import { valueTable } from './value-table.ts';

/** A completion script for fish: to be kept in ~/.config/fish/completions, or sourced. */
export function fishCompletion(program: CommandFacts): string {
  const all = allCommands(program);
  const paths = all.map(({ path }) => path.join(' ')).filter((path) => path !== '');
  const valued = valueTable(program).flatMap(({ places }) => places.filter((place) => place.includes('|-')));
  const wrapping = all.filter(({ wraps }) => wraps).map(({ path }) => `${path.join(' ')}|--`);
  return FRAME.replace('@VALUED@', valued.map(quote).join(' '))
    .replace('@WRAPPING@', wrapping.map(quote).join(' ') || "''")
    .replace('@PATHS@', paths.map(quote).join(' '))
    .replace('@LINES@', all.flatMap(linesOf).join('\n'));
}

function linesOf({ path, flags, operands, commands }: CommandFacts): readonly string[] {
  const typed = path.join(' ');
  const at = `complete -c keystone-ldap -n ${quote(`__keystone_ldap_at ${quote(typed)}`)}`;
  return [
    ...commands.map((sub) => {
      const first = quote(`__keystone_ldap_at ${quote(typed)} 1`);
      const name = quote(sub.path.at(-1) ?? '');
      return `complete -c keystone-ldap -n ${first} -a ${name} -d ${quote(sub.summary)}`;
    }),
    ...flags.map((flag) => `${at} ${flagLine(flag)}`),
    ...operands.flatMap((operand, index) => operandLine(typed, operand, index)),
  ];
}

function flagLine({ names, description, placeholder, values }: FlagFacts): string {
  const spelled = names.map((name) =>
    name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`,
  );
  const value = placeholder === undefined ? [] : values.files ? ['-r -F'] : ['-x'];
  return [...spelled, ...value, ...offers(values), `-d ${quote(brief(description))}`].join(' ');
}

function operandLine(
  typed: string,
  { values, description, isVariadic }: OperandFacts,
  index: number,
): readonly string[] {
  const offered = [...(values.files ? ['-F'] : []), ...offers(values)];
  if (offered.length === 0) return [];
  const condition = `__keystone_ldap_at ${quote(typed)}${isVariadic ? '' : ` ${index + 1}`}`;
  return [
    `complete -c keystone-ldap -n ${quote(condition)} ${offered.join(' ')} -d ${quote(brief(description))}`,
  ];
}

function offers({ choices, folders }: Values): readonly string[] {
  if (choices.length > 0) return [`-a ${quote(choices.join(' '))}`];
  return folders ? ["-a '(__fish_complete_directories)'"] : [];
}

/** fish knows two escapes in single quotes: of the quote and of the backslash. */
function quote(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

const FRAME = String.raw`# fish completion for keystone-ldap, as printed by: keystone-ldap completion fish

# Prints the command before the cursor, and the number of the operand that the cursor is at; nothing behind "--".
function __keystone_ldap_place
    set -l path
    set -l operand 1
    set -l skips 0
    for word in (commandline -opc)[2..]
        set -l place "$path|$word"
        set -l longer (string trim -- "$path $word")
        if test $skips = 1
            set skips 0
        else if contains -- $place @WRAPPING@
            return
        else if contains -- $place @VALUED@
            set skips 1
        else if string match -q -- '-*' $word
            continue
        else if contains -- $longer @PATHS@
            set path $path $word
        else
            set operand (math $operand + 1)
        end
    end
    echo "$path"
    echo $operand
end

function __keystone_ldap_at -a path operand
    set -l place (__keystone_ldap_place)
    test (count $place) = 2; and test "$place[1]" = "$path"
    and begin
        test -z "$operand"; or test "$place[2]" = "$operand"
    end
end

# The command line behind "--", which is completed as one of its own.
function __keystone_ldap_is_wrapping
    test (count (__keystone_ldap_place)) = 0
end

function __keystone_ldap_wrapped
    complete -C (commandline -cp | string replace -r '^.*? -- ' '')
end

complete -c keystone-ldap -e
complete -c keystone-ldap -f
complete -c keystone-ldap -n __keystone_ldap_is_wrapping -a '(__keystone_ldap_wrapped)'
@LINES@
`;

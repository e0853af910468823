import { shellWord } from '../../shell-word.ts';
import type { CommandFacts, FlagFacts, OperandFacts } from './command-facts.ts';
import type { Values } from './value-source.ts';
import { brief } from './brief.ts';

/** A completion script for zsh: to be in a folder of `$fpath` as `_keystone-ldap`, or sourced after `compinit`. */
export function zshCompletion(program: CommandFacts): string {
  return `#compdef keystone-ldap
# zsh completion for keystone-ldap, as printed by: keystone-ldap completion zsh

${functionsOf(program)}
if [ "$funcstack[1]" = _keystone-ldap ]; then
  _keystone-ldap "$@"
else
  compdef _keystone-ldap keystone-ldap
fi
`;
}

function functionsOf(facts: CommandFacts): string {
  const { commands, flags, operands, wraps } = facts;
  const specs = [...flags.map(flagSpec), ...operands.map(operandSpec)];
  if (commands.length > 0) specs.push("'1: :->command'", "'*:: :->rest'");
  const lines = [
    `${functionName(facts)}() {`,
    ...(wraps ? WRAPPED : []),
    '  local context state state_descr line',
    '  local -A opt_args',
    `  _arguments -s -S -C \\\n    ${specs.join(' \\\n    ')}`,
    ...(commands.length > 0 ? commandState(facts) : []),
    '}\n',
  ];
  return [lines.join('\n'), ...commands.map(functionsOf)].join('\n');
}

function commandState({ commands }: CommandFacts): readonly string[] {
  const name = ({ path }: CommandFacts): string => path.at(-1) ?? '';
  return [
    '  case $state in',
    '  command)',
    '    local -a commands=(',
    ...commands.map((sub) => `      ${shellWord(`${name(sub)}:${sub.summary}`)}`),
    '    )',
    "    _describe -t commands 'command' commands ;;",
    '  rest)',
    '    case $line[1] in',
    ...commands.map((sub) => `    ${name(sub)}) ${functionName(sub)} ;;`),
    '    esac ;;',
    '  esac',
  ];
}

/** Any flag may be given again; an option with a value takes it in the same word or in the next. */
function flagSpec({ names, description, placeholder, values }: FlagFacts): string {
  const label = `[${escaped(brief(description))}]`;
  const value = placeholder === undefined ? '' : valueSpec(placeholder, values);
  return names
    .map((name) => {
      const joint = placeholder === undefined ? '' : name.startsWith('--') ? '=' : '+';
      return shellWord(`*${name}${joint}${label}${value}`);
    })
    .join(' ');
}

function operandSpec({ placeholder, isVariadic, values }: OperandFacts, index: number): string {
  const colon = placeholder.startsWith('[') ? ':' : '';
  return shellWord(`${isVariadic ? '*' : `${index + 1}${colon}`}${valueSpec(placeholder, values)}`);
}

function valueSpec(placeholder: string, { choices, files, folders }: Values): string {
  const message = escaped(placeholder.replace(/[<>[\]]/g, ''));
  if (choices.length > 0 && !files) return `:${message}:(${choices.join(' ')})`;
  const parts = [
    ...(choices.length > 0 ? [`compadd - ${choices.join(' ')}`] : []),
    ...(files ? ['_files'] : folders ? ['_files -/'] : []),
  ];
  return `:${message}:${parts.length === 0 ? ' ' : `{ ${parts.join('; ')} }`}`;
}

function functionName({ path }: CommandFacts): string {
  return ['_keystone-ldap', ...path].join('_');
}

/** Colons and brackets mean something to `_arguments`. */
function escaped(text: string): string {
  return text.replace(/[\\:[\]]/g, '\\$&');
}

/** What stands behind `--` is a command line of its own. */
const WRAPPED = [
  '  local at=$words[(i)--]',
  '  if (( at < CURRENT )); then',
  '    words=("${(@)words[at+1,-1]}")',
  '    (( CURRENT -= at ))',
  '    _normal',
  '    return',
  '  fi',
];

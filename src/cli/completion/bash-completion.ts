import { shellWord } from '../../shell-word.ts';
import { allCommands, type CommandFacts } from './command-facts.ts';
import { valueTable, type ValueRow } from './value-table.ts';

/** A completion script for bash 3.2 and later; it needs no bash-completion, and runs nothing that was typed. */
export function bashCompletion(program: CommandFacts): string {
  const all = allCommands(program);
  const paths = all.map(({ path }) => path.join(' ')).filter((path) => path !== '');
  const words = all.map(({ path, commands, flags }) => {
    const names = [
      ...commands.map((sub) => sub.path.at(-1) ?? ''),
      '|',
      ...flags.flatMap((flag) => flag.names),
    ];
    return `    ${quote(path.join(' '))}) known=${quote(names.join(' '))} ;;`;
  });
  const wrapping = all.filter(({ wraps }) => wraps).map(({ path }) => quote(`${path.join(' ')}|--`));
  return FRAME.replace('@WORDS@', words.join('\n'))
    .replace('@PATHS@', paths.map(quote).join(' | '))
    .replace('@WRAPPING@', wrapping.join(' | ') || "''")
    .replace('@VALUES@', valueTable(program).map(valueArm).join('\n'));
}

function valueArm({ places, values: { choices, files, folders } }: ValueRow): string {
  const kind = files ? '-f' : folders ? '-d' : '';
  return `    ${places.map(quote).join(' | ')}) choices=${quote(choices.join(' '))} kind=${quote(kind)} ;;`;
}

/** Quoted always, so that a pattern of `case` is no pattern. */
function quote(text: string): string {
  const word = shellWord(text);
  return word.startsWith("'") ? word : `'${word}'`;
}

const FRAME = String.raw`# bash completion for keystone-ldap, as printed by: keystone-ldap completion bash

# The subcommands and flags of a command.
__keystone_ldap_known() {
    case $1 in
@WORDS@
    esac
}

# What may stand as COMMAND|FLAG or as COMMAND|NUMBER of operand; fails where nothing may.
__keystone_ldap_values() {
    case $1 in
@VALUES@
    *) return 1 ;;
    esac
}

# Takes what compgen finds, a line each.
__keystone_ldap_offer() {
    local line
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen "$@")
}

_keystone_ldap() {
    COMPREPLY=()
    local words=() word joins='' flag='' path='' operand=1 choices='' kind='' known=''
    # bash splits words at "=" and ":" too.
    for word in "\${COMP_WORDS[@]:0:COMP_CWORD+1}"; do
        if [[ $joins || ( $word =~ ^[=:]+$ && \${#words[@]} -gt 0 ) ]]; then
            words[\${#words[@]}-1]+=$word
        else
            words+=("$word")
        fi
        [[ $word =~ ^[=:]+$ ]] && joins=1 || joins=''
    done
    local cur=\${words[\${#words[@]}-1]} last=$((\${#words[@]} - 1)) at
    for ((at = 1; at < last; at++)); do
        word=\${words[at]}
        if [[ $flag ]]; then flag=''; continue; fi
        case "$path|$word" in
        @WRAPPING@)
            ((at + 1 == last)) && kind=-c || kind=-f
            compopt -o filenames 2>/dev/null
            __keystone_ldap_offer "$kind" -- "\${COMP_WORDS[COMP_CWORD]}"
            return ;;
        *'|-'*) __keystone_ldap_values "$path|$word" && flag=$word ;;
        *)
            case "\${path:+$path }$word" in
            @PATHS@) path=\${path:+$path }$word ;;
            *) operand=$((operand + 1)) ;;
            esac ;;
        esac
    done
    choices='' kind=''
    if [[ ! $flag && $cur == --*=* ]]; then
        flag=\${cur%%=*} cur=\${cur#*=}
        local prefix=$flag=
    fi
    if [[ $flag ]]; then
        __keystone_ldap_values "$path|$flag" || return
    else
        __keystone_ldap_known "$path"
        if [[ $cur == -* ]]; then
            choices=\${known#*|}
        else
            __keystone_ldap_values "$path|$operand" || __keystone_ldap_values "$path|*"
            choices+=" \${known%%|*}"
        fi
    fi
    __keystone_ldap_offer -W "$choices" -- "$cur"
    if [[ $kind ]]; then
        compopt -o filenames 2>/dev/null
        __keystone_ldap_offer "$kind" -- "$cur"
    fi
    [[ ! \${prefix-} || $COMP_WORDBREAKS == *=* ]] || COMPREPLY=("\${COMPREPLY[@]/#/$prefix}")
}

complete -F _keystone_ldap keystone-ldap
`.replaceAll('\\${', '${');

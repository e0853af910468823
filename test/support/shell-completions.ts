import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runToSuccess } from '../../src/sandbox/run-command.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** What a real shell offers for each of these command lines, when Tab is pressed at its end in this folder. */
export async function shellCompletions(
  shell: Shell,
  { script, folder }: { readonly script: string; readonly folder: string },
  lines: readonly string[],
): Promise<readonly (readonly string[])[]> {
  const [scriptFile, driver] = [join(folder, `${shell}.script`), join(folder, `${shell}.driver`)];
  await writeFile(scriptFile, script);
  await writeFile(driver, DRIVERS[shell]);
  const env = { HOME: folder, XDG_CONFIG_HOME: folder, TERM: 'dumb' };
  const { stdout } = await runToSuccess(shell, [...QUIET[shell], driver, scriptFile, ...lines], {
    cwd: folder,
    env,
  });
  const blocks = stdout.split('\0').slice(0, -1);
  return blocks.map((block) => [...new Set(block.split('\n').filter((word) => word !== ''))].toSorted());
}

/** Without the files of a user. */
const QUIET = { bash: ['--norc'], zsh: ['-f'], fish: ['--no-config'] } as const;

/** Each reads the script, and ends what it prints for a line with a NUL. */
const DRIVERS: Readonly<Record<Shell, string>> = {
  // readline is not there without a terminal; it would split words at "=" and ":" too.
  bash: String.raw`
source "$1"; shift
for line; do
  COMP_WORDS=(); word=''
  for ((i = 0; i < \${#line}; i++)); do
    c=\${line:i:1}
    case $c in
    ' ') COMP_WORDS+=("$word"); word='' ;;
    [=:]) [[ $word && ! $word =~ ^[=:]+$ ]] && COMP_WORDS+=("$word") && word=''; word+=$c ;;
    *) [[ $word =~ ^[=:]+$ ]] && COMP_WORDS+=("$word") && word=''; word+=$c ;;
    esac
  done
  [[ $word =~ ^[=:]+$ ]] && COMP_WORDS+=("$word") && word=''
  COMP_WORDS+=("$word"); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); COMPREPLY=()
  _keystone_ldap 2>/dev/null
  printf '%s\n' "\${COMPREPLY[@]}"; printf '\0'
done
`.replaceAll('\\${', '${'),
  // A second zsh with a terminal of its own for each line; it leaves when it has completed. They share a dump, which takes long.
  zsh: String.raw`
zmodload zsh/zpty
script=$1; shift
print -r -- '
autoload -Uz compinit; compinit -u -d ./.zcompdump; source '\${(q)script}'
compadd() {
  builtin compadd "$@"; local ok=$?
  [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]] && return ok
  local -a hits; builtin compadd -A hits "$@"; (( $#hits )) && print -rl -- $hits >> hits
  return ok
}
leave() { exit }; comppostfuncs=(leave); bindkey "^I" complete-word' > setup
for line; do
  : > hits
  zpty inner zsh -f -i
  zpty -w inner 'source ./setup'
  zpty -w -n inner "$line"$'\t'
  while zpty -r inner answer; do :; done
  zpty -d inner
  print -rn -- "$(<hits)"; printf '\0'
done
`.replaceAll('\\${', '${'),
  fish: String.raw`
source $argv[1]
for line in $argv[2..]
  complete -C $line | string replace -r '\t.*' ''
  printf '\0'
end
`,
};

import { Command, type ParseOptionsResult } from 'commander';
import { nearestWord } from '../../did-you-mean.ts';
import { KeystoneLdapError } from '../../errors.ts';
import { shellWord } from '../../shell-word.ts';

/**
 * A command with another one behind `--`. To commander alone, words before and behind it are the same, so that
 * `sandbox -- fetch` would be `sandbox fetch`.
 */
export class WrapperCommand extends Command {
  /** What stands behind `--`; `undefined` without one. */
  wrapped: readonly string[] | undefined;

  /** Flags behind a subcommand are the subcommand's. */
  constructor(name: string) {
    super(name);
    this.enablePositionalOptions();
  }

  /** @throws `USAGE` for a word before `--` that is no subcommand */
  override parseOptions(argv: string[]): ParseOptionsResult {
    const at = argv.indexOf('--');
    if (at !== -1) this.wrapped = argv.slice(at + 1);
    const parsed = super.parseOptions(at === -1 ? argv : argv.slice(0, at));
    const [word] = parsed.operands;
    const names = this.commands.map((command) => command.name());
    if (word === undefined || names.includes(word)) return parsed;
    const near = nearestWord(word, names);
    const words = argv.slice(argv.indexOf(word)).map(shellWord).join(' ');
    throw new KeystoneLdapError('USAGE', `${this.name()} has no subcommand "${word}".`, {
      hint: `${near === undefined ? '' : `Did you mean "${near}"? `}Put the command to run after "--": keystone-ldap ${this.name()} -- ${words}`,
    });
  }
}

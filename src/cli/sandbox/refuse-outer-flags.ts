import type { Command } from 'commander';
import { KeystoneLdapError } from '../../errors.ts';
import { WrapperCommand } from './wrapper-command.ts';

/** Those of `sandbox` itself would be ignored by a subcommand. @throws `USAGE` */
export function refuseOuterFlags(command: Command): void {
  const { parent } = command;
  const stray = parent?.options.find(
    (option) => parent.getOptionValueSource(option.attributeName()) === 'cli',
  );
  const isWrapping = parent instanceof WrapperCommand && parent.wrapped !== undefined;
  if (stray === undefined && !isWrapping) return;
  const name = `sandbox ${command.name()}`;
  throw new KeystoneLdapError('USAGE', `${stray?.long ?? 'A COMMAND'} does not go with ${name}.`, {
    hint: `Usage: keystone-ldap ${name} ${command.usage()}`,
  });
}

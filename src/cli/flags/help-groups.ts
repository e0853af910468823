import type { Command } from 'commander';

/** Headings under which `--help` lists options, besides those that belong to one command alone. */
export const OPTION_GROUPS = {
  layout: 'Release and layout:',
  identities: 'Identities:',
  sql: 'Identities that Keystone keeps in SQL:',
  account: "Keystone's own account:",
  keystone: 'Keystone:',
  connection: 'Connection:',
  config: 'Connection to cn=config:',
  history: 'History:',
  output: 'Output:',
} as const;

/** Adds options under a heading of their own. */
export function inGroup(
  command: Command,
  group: keyof typeof OPTION_GROUPS,
  add: (command: Command) => unknown,
): Command {
  const before = command.optionsGroup();
  command.optionsGroup(OPTION_GROUPS[group]);
  add(command);
  // An empty heading is none: later options are the command's own again.
  return command.optionsGroup(before);
}

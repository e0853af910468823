import { Command } from 'commander';
import { action, type CommandContext } from '../flags/command-context.ts';
import { examples } from '../flags/examples.ts';
import { addKeystoneFlags } from '../flags/keystone-flags.ts';
import { addOutputFlags } from '../terminal/output.ts';
import type { ListFlags } from './run-list.ts';

/** `users` and `groups`, which differ in what they list only. */
export function listCommand(context: CommandContext, kind: 'users' | 'groups', summary: string): Command {
  const command = new Command(kind)
    .summary(summary)
    .description(`Lists the ${kind} that Keystone lists, with its own settings, in the order of the server.`);
  addKeystoneFlags(command);
  return addOutputFlags(command)
    .addHelpText(
      'after',
      examples([
        ['As Keystone sees them:', `keystone-ldap ${kind} --keystone-conf /etc/keystone/keystone.conf`],
      ]),
    )
    .action(
      action<ListFlags>(
        context,
        async (flags, io) => await (await import('./run-list.ts')).runList(kind, flags, io),
      ),
    );
}

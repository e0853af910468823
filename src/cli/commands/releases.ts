import { Argument, Command } from 'commander';
import { findRelease, RELEASES } from '../../releases/find-release.ts';
import { action, type CommandContext } from '../flags/command-context.ts';
import { examples } from '../flags/examples.ts';
import type { Io } from '../terminal/io.ts';
import { addOutputFlags, printJson, say, type OutputFlags } from '../terminal/output.ts';
import { releaseFacts, releaseRows } from '../render/render-release.ts';

export function releasesCommand(context: CommandContext): Command {
  const command = new Command('releases')
    .summary('show what each Keystone release stores, reads and how it is configured')
    .description('Lists all releases, or shows the trees, object classes, attributes and options of one.')
    .addArgument(new Argument('[release]', 'name, codename, number or tag'));
  return addOutputFlags(command)
    .addHelpText('after', EXAMPLES)
    .action(async (name: string | undefined, flags: OutputFlags, self: Command) => {
      const run = action<OutputFlags>(context, (own, io) => Promise.resolve(show(name, own, io)));
      await run(flags, self);
    });
}

function show(name: string | undefined, { json = false }: OutputFlags, io: Io): 0 {
  if (name === undefined) {
    if (json) printJson(io, { releases: RELEASES });
    else for (const row of releaseRows(RELEASES)) say(io, row);
    return 0;
  }
  const { release, options, text } = releaseFacts(findRelease(name));
  if (json) printJson(io, { release, ...(options && { options }) });
  else say(io, text);
  return 0;
}

const EXAMPLES = examples([
  ['All of them:', 'keystone-ldap releases'],
  ['One, with every option of its [ldap] section:', 'keystone-ldap releases 2013.1.4'],
]);

import { Command } from 'commander';
import { action, type CommandContext } from '../flags/command-context.ts';
import { addConfigConnectionFlags, addConnectionFlags } from '../flags/connection-flags.ts';
import { examples } from '../flags/examples.ts';
import { addOutputFlags } from '../terminal/output.ts';
import {
  addMappingFlags,
  addOtherReleaseFlag,
  addReleaseFlag,
  addTreeFlags,
} from '../inputs/release-flags.ts';
import type { PlanFlags } from '../apply/run-plan.ts';
import { addNewIdsFlag } from '../flags/seed-flags.ts';

export function planCommand(context: CommandContext): Command {
  const command = new Command('plan').summary('show what a configuration file would change');
  command
    .description(
      'Shows the changes that bring the server and keystone.conf to the declared state. Makes no changes.',
    )
    .argument('[file]', 'configuration file, "-" for standard input (default: keystone-ldap.yaml)')
    .option('--out <file>', 'save the plan to this file, for "apply"')
    .option('--exit-code', 'exit with 1 if there are changes to apply');
  addDeclaredFlags(command);
  return addOutputFlags(command)
    .addHelpText('after', EXAMPLES)
    .action(
      async (
        file: string | undefined,
        flags: PlanFlags & { readonly configFile?: string },
        self: Command,
      ) => {
        const { declare, declaredFile } = await import('../apply/declaration.ts');
        const { runPlan } = await import('../apply/run-plan.ts');
        const run = action<PlanFlags>(context, async (own, io) =>
          runPlan(await declare(declaredFile(file, flags), self, io), own, io),
        );
        await run(flags, self);
      },
    );
}

/** What `plan` and `apply` let be said otherwise than in the file. */
export function addDeclaredFlags(command: Command): Command {
  command
    .option('-f, --config-file <file>', 'the same as the argument')
    .option('--prune', 'delete entries that "apply" created and the file no longer declares');
  for (const add of [
    addReleaseFlag,
    addMappingFlags,
    addOtherReleaseFlag,
    addNewIdsFlag,
    addTreeFlags,
    addConnectionFlags,
    addConfigConnectionFlags,
  ])
    add(command);
  return command;
}

const EXAMPLES = examples([
  ['Look:', 'keystone-ldap plan'],
  [
    'Keep the plan, and apply just that:',
    'keystone-ldap plan --out friday.plan',
    'keystone-ldap apply friday.plan',
  ],
  ['Has anything drifted?', 'keystone-ldap plan --exit-code > /dev/null || echo drifted'],
]);

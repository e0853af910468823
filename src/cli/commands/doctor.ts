import { Command, Option } from 'commander';
import { action, type CommandContext } from '../flags/command-context.ts';
import { SEVERITIES } from '../../doctor/finding.ts';
import { addConfigConnectionFlags } from '../flags/connection-flags.ts';
import { examples } from '../flags/examples.ts';
import { addKeystoneFlags } from '../flags/keystone-flags.ts';
import { addOutputFlags } from '../terminal/output.ts';
import type { DoctorFlags } from '../verify/run-doctor.ts';

export function doctorCommand(context: CommandContext): Command {
  const command = new Command('doctor')
    .summary("find what keeps Keystone from its users, with Keystone's own settings")
    .description(
      'Reads the configuration and connects the way Keystone does, and checks servers, permissions, users and groups. ' +
        'Makes no changes. Exits with 1 if it finds a problem.',
    );
  addKeystoneFlags(command).addOption(
    new Option('--severity <least>', 'lowest severity to report and to count towards the exit code')
      .choices(SEVERITIES)
      .default('warning'),
  );
  command.option(
    '--reproduce <dir>',
    'also write a report to this new directory: settings and entries without names and passwords, for others to run',
  );
  addConfigConnectionFlags(command);
  return addOutputFlags(command)
    .addHelpText('after', EXAMPLES)
    .action(
      action<DoctorFlags>(
        context,
        async (flags, io) => await (await import('../verify/run-doctor.ts')).runDoctor(flags, io),
      ),
    );
}

const EXAMPLES = examples([
  ['All of a Keystone:', 'keystone-ldap doctor --keystone-conf /etc/keystone/keystone.conf'],
  [
    'As a monitoring job, on the machine of slapd and as root:',
    'keystone-ldap doctor --keystone-conf k.conf --severity error --config-uri ldapi:/// --json',
  ],
  [
    'A report that can be sent, and run in a sandbox:',
    'keystone-ldap doctor --keystone-conf k.conf --reproduce report',
  ],
  [
    'One domain, with what a second file changes:',
    'keystone-ldap doctor --keystone-conf k.conf --keystone-conf site.conf --domain CORP -r zed',
  ],
]);

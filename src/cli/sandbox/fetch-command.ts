import { Command } from 'commander';
import { action, type CommandContext } from '../flags/command-context.ts';
import { examples } from '../flags/examples.ts';
import type { ExitCode, Io } from '../terminal/io.ts';
import { addOutputFlags, printJson, remark, say, type OutputFlags } from '../terminal/output.ts';
import { refuseOuterFlags } from './refuse-outer-flags.ts';

/** `sandbox fetch` */
export function fetchCommand(context: CommandContext): Command {
  const command = new Command('fetch')
    .usage('[--json]')
    .summary('download a private copy of slapd and the client tools, without root')
    .description(
      "Downloads OpenLDAP's server and its client tools with this machine's own package manager (apt or dnf) and " +
        'unpacks them below the cache of this user: no root, no service. Prints the path of slapd.',
    );
  return addOutputFlags(command)
    .addHelpText('after', EXAMPLES)
    .action(
      action<OutputFlags>(context, async (flags, io) => {
        refuseOuterFlags(command);
        return await fetch(flags, io);
      }),
    );
}

async function fetch({ json = false }: OutputFlags, io: Io): Promise<ExitCode> {
  const { fetchSlapd } = await import('../../sandbox/fetch-slapd.ts');
  const { requireSlapd } = await import('../../sandbox/require-slapd.ts');
  const steps: string[] = [];
  const onStep = (text: string): void => {
    steps.push(text);
    remark(io, text);
  };
  const copy = await fetchSlapd({ env: io.env, onStep, signal: io.signal });
  const isNew = steps.length > 0;
  if (!isNew) remark(io, 'The private copy is there already and works; nothing was fetched.');
  const used = io.env['KEYSTONE_LDAP_SLAPD'] || (await requireSlapd(io.env)).slapd;
  if (used !== copy.slapd)
    remark(
      io,
      `The sandbox uses ${used} before it; set KEYSTONE_LDAP_SLAPD to the path of the copy to change that.`,
    );
  if (json) printJson(io, { command: 'sandbox fetch', slapd: copy.slapd, isNew, used });
  else say(io, copy.slapd);
  return 0;
}

const EXAMPLES = examples([
  ['Once, then every sandbox finds it:', 'keystone-ldap sandbox fetch'],
  ['Instead of the slapd of the machine:', 'export KEYSTONE_LDAP_SLAPD="$(keystone-ldap sandbox fetch)"'],
]);

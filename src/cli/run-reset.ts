import { equalDn } from '../directory/dn.ts';
import type { Session } from '../directory/session.ts';
import { listRuns, readRun } from '../history/journal-folder.ts';
import type { RecordedRun } from '../history/journal.ts';
import { planReset } from '../history/plan-reset.ts';
import { Registry, registryDn } from '../history/registry.ts';
import { makeChanges } from './carry-out.ts';
import { typed, type ConfirmFlags } from './confirm.ts';
import type { ConfigConnectionFlags, ConnectionFlags } from './connection-flags.ts';
import type { ExitCode, Io } from './io.ts';
import { LazyDirectory } from './lazy-directory.ts';
import { printJson, remark, say, type DryRunFlags, type OutputFlags } from './output.ts';
import { plural } from './plural.ts';
import { resolveSuffix } from './release-flags.ts';
import { renderPlan } from './render-plan.ts';
import { stateFolder, withJournal, type JournalFlags } from './with-journal.ts';

export type ResetFlags = ConnectionFlags &
  ConfigConnectionFlags &
  JournalFlags &
  DryRunFlags &
  OutputFlags &
  ConfirmFlags & { readonly suffix?: string };

/** What `reset` does: show what is ours, have the suffix typed, and take it away. */
export async function runReset(flags: ResetFlags, io: Io): Promise<ExitCode> {
  await using link = new LazyDirectory(flags, io);
  const directory = await link.openDirectory();
  const suffix = await resolveSuffix(flags, io, directory);
  const runs = await runsOn(directory, stateFolder(flags, io));
  const { deletions: changes, kept } = await planReset(directory, { suffix, runs });
  if (flags.json !== true) show({ changes, kept, suffix }, io);
  const isWanted = changes.length > 0 && flags.dryRun !== true;
  const question = `This takes away ${changes.length} entries below ${suffix}; type the suffix to go on:`;
  const goes = isWanted && (await typed(question, (answer) => equalDn(answer, suffix), flags, io));
  if (goes) await carryOut({ changes, suffix, directory }, flags, link, io);
  if (flags.json === true) printJson(io, { command: 'reset', suffix, applied: goes, changes, kept });
  else if (changes.length > 0)
    remark(io, goes ? `${plural(changes.length, 'change')} made.` : 'Nothing was written.');
  return isWanted && !goes ? 1 : 0;
}

function show(
  { changes, kept, suffix }: Pick<Reset, 'changes' | 'suffix'> & { readonly kept: readonly string[] },
  io: Io,
): void {
  io.stdout.write(renderPlan(changes, io.colour));
  for (const sentence of kept) remark(io, `remark: ${sentence}`);
  if (changes.length === 0) say(io, `Nothing that keystone-ldap made is left below ${suffix}.`);
}

/** The runs that this server has seen under this URI, latest first. */
async function runsOn({ uri }: Session, folder: string): Promise<readonly RecordedRun[]> {
  const runs = (await listRuns(folder)).filter(({ server }) => server === uri);
  return await Promise.all(runs.map(({ id }) => readRun(folder, id)));
}

interface Reset {
  readonly changes: Parameters<typeof makeChanges>[0]['changes'];
  readonly suffix: string;
  readonly directory: Session;
}

async function carryOut(
  { changes, suffix, directory }: Reset,
  flags: ResetFlags,
  { openConfig }: LazyDirectory,
  io: Io,
): Promise<void> {
  const registry = registryDn(suffix);
  const facts = { command: 'reset', server: directory.uri, registry };
  await withJournal(facts, flags, io, async (journal) => {
    const listeners = [new Registry(directory, registry, journal?.id ?? 'reset')];
    await makeChanges({ changes, directory, openConfig, journal, listeners }, io);
  });
}

import { homedir } from 'node:os';
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import type { Io } from './io.ts';

export interface StateFlags {
  readonly stateDir?: string;
}

export interface JournalFlags extends StateFlags {
  readonly journal?: boolean;
}

export function addStateFlag(command: Command): Command {
  return command.addOption(
    new Option('--state-dir <dir>', 'where the journals of runs are, for "history" and "undo"').env(
      'KEYSTONE_LDAP_STATE_DIR',
    ),
  );
}

export function addJournalFlags(command: Command): Command {
  return addStateFlag(command).option(
    '--no-journal',
    'keep no journal of this run; it cannot be undone then',
  );
}

/** Where journals are: as the XDG base directories have it, and for root in a place that outlives homes. */
export function stateFolder({ stateDir }: StateFlags, { env }: Pick<Io, 'env'>): string {
  if (stateDir !== undefined) return stateDir;
  if (process.geteuid?.() === 0) return '/var/lib/keystone-ldap';
  const base = env['XDG_STATE_HOME'];
  return join(base ? base : join(env['HOME'] ?? homedir(), '.local', 'state'), 'keystone-ldap');
}

/** Where this run is to have its journal, if it is to have one. */
export function journalFolder(flags: JournalFlags, io: Pick<Io, 'env'>): string | undefined {
  return flags.journal === false ? undefined : stateFolder(flags, io);
}

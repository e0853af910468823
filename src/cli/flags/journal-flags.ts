import { homedir } from 'node:os';
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { inGroup } from './help-groups.ts';
import type { Io } from '../terminal/io.ts';

export interface StateFlags {
  readonly stateDir?: string;
}

export interface JournalFlags extends StateFlags {
  readonly journal?: boolean;
}

export function addStateFlag(command: Command): Command {
  return inGroup(command, 'history', () =>
    command.addOption(
      new Option('--state-dir <dir>', 'directory of the run journals that "history" and "undo" read').env(
        'KEYSTONE_LDAP_STATE_DIR',
      ),
    ),
  );
}

export function addJournalFlags(command: Command): Command {
  return inGroup(command, 'history', () =>
    addStateFlag(command).option('--no-journal', 'keep no journal of this run; "undo" cannot revert it'),
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

import type { ConfigConnectionFlags, ConnectionFlags } from './connection-flags.ts';
import type { DryRunFlags, OutputFlags } from './output.ts';
import type { ReleaseFlags, TreeFlags } from './release-flags.ts';
import type { SeedFlags, StreamFlags } from './seed-flags.ts';
import type { SqlFlags } from './sql-flags.ts';
import type { JournalFlags } from './journal-flags.ts';

export type RunSeedFlags = ConnectionFlags &
  ConfigConnectionFlags &
  ReleaseFlags &
  TreeFlags &
  SeedFlags &
  StreamFlags &
  SqlFlags &
  OutputFlags &
  DryRunFlags &
  JournalFlags;

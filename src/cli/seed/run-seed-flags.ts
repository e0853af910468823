import type { ConfigConnectionFlags, ConnectionFlags } from '../flags/connection-flags.ts';
import type { DryRunFlags, OutputFlags } from '../terminal/output.ts';
import type { ReleaseFlags, TreeFlags } from '../inputs/release-flags.ts';
import type { SeedFlags, StreamFlags } from '../flags/seed-flags.ts';
import type { SqlFlags } from '../flags/sql-flags.ts';
import type { JournalFlags } from '../flags/journal-flags.ts';

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

import type { ConnectionFlags } from '../flags/connection-flags.ts';
import type { DeclaredIdentities } from '../flags/declared-identities.ts';
import type { ConfFilesFlags } from '../flags/keystone-flags.ts';
import type { OutputFlags } from '../terminal/output.ts';
import type { ReleaseFlags, TreeFlags } from '../inputs/release-flags.ts';

export interface VerifyFlags extends ConfFilesFlags, ConnectionFlags, ReleaseFlags, TreeFlags, OutputFlags {
  readonly domain?: string;
  readonly domainConfigDir?: string;
  readonly domainId?: string;
  readonly file?: readonly string[];
  readonly declared?: DeclaredIdentities;
  /** `release` or a sample of our own; `false` also leaves out what the configuration file declares. */
  readonly sample?: string | false;
  readonly minUsers?: number;
  readonly login?: string;
  readonly loginPasswordFile?: string;
}

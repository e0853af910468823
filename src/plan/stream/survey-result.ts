import type { Switched } from '../../identities/entries/identity-dn.ts';
import type { Identities } from '../../identities/identities.ts';
import type { KnownEntries } from '../identities/entry-context.ts';
import type { StateList } from './state-list.ts';

/** What the first reading of a stream has found. */
export interface Survey {
  readonly states: StateList;
  /** The identities beside the stream, with what its users belong to. */
  readonly identities: Identities;
  /** Users that go by another id or DN than their name tells, as far as somebody may be a member under it. */
  readonly known: KnownEntries;
  /** Where a group says who is enabled: everybody of the stream. */
  readonly enabledUsers: readonly Switched[];
  readonly remarks: readonly string[];
}

import type { Session } from '../directory/session.ts';
import type { Identities } from '../identities/identities.ts';
import type { UserSource } from '../identities/user-source.ts';
import type { Change } from '../plan/change.ts';
import type { DrawnIds } from '../plan/drawn-ids.ts';
import type { ConfPlan } from '../plan/conf-plan.ts';
import type { ExistingEntry } from '../plan/plan-identities.ts';
import type { PlanFacts } from '../plan/saved-plan.ts';
import type { Release, Trees } from '../releases/release.ts';
import type { Declaration } from './declaration.ts';
import type { StreamedUsers } from './identity-part.ts';
import type { DeclaredAccount } from './resolve-conf-account.ts';
import type { Connection } from './resolve-connection.ts';
import type { ResolvedServiceAccount } from './resolve-service-account.ts';

/** What is declared, with all that had to be asked or read for it, and the server it is about. */
export interface DeclaredSystem {
  readonly declaration: Declaration;
  readonly release: Release;
  readonly suffix: string;
  readonly trees: Trees;
  readonly directory: Session;
  readonly openConfig: () => Promise<Session>;
  readonly connection: Connection;
  readonly account: ResolvedServiceAccount | undefined;
  readonly identities: Identities | undefined;
  /** Users that are too many to be among them. */
  readonly source: UserSource | undefined;
  readonly keystone: DeclaredAccount | undefined;
  readonly ids: DrawnIds;
}

/** All that is to be done: first in the directory, then in keystone.conf. */
export interface DeclaredPlan {
  readonly changes: readonly Change[];
  /** How many of them make what identities need. */
  readonly ahead: number;
  /** Absent where each change of a user is among the changes. */
  readonly users?: StreamedUsers;
  /** What takes entries off the registry that go. */
  readonly strikes: readonly Change[];
  /** How many entries of the registry are added for the others. */
  readonly listings: number;
  readonly conf: ConfPlan;
  /** Entries that are declared and were there already, made by others. */
  readonly adopted: readonly ExistingEntry[];
  readonly remarks: readonly string[];
  readonly facts: PlanFacts;
}

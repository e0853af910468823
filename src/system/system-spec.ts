import type { Session } from '../directory/session.ts';
import type { PlannedEntries } from '../doctor/observed-emulation.ts';
import type { Identities } from '../identities/identities.ts';
import type { UserSource } from '../identities/users/user-source.ts';
import type { ConfPlan } from '../plan/conf/conf-plan.ts';
import type { DrawnIds } from '../plan/identities/drawn-ids.ts';
import type { AccessPorts } from '../plan/access/plan-service-access.ts';
import type { ServiceAccountTarget } from '../plan/access/plan-service-account.ts';
import type { Release, Trees } from '../releases/release.ts';
import type { Connection } from './connection.ts';
import type { IdentityModes } from './identity-target.ts';

/** How far a run goes. */
export interface SystemModes extends IdentityModes {
  /** Takes away what was made by earlier runs and is declared no more. */
  readonly prune?: boolean | undefined;
  /** Lets the server not wait for the disk until the end; needs `cn=config`. */
  readonly bulk?: boolean | undefined;
  /** Writes although entries of the other generation are there. */
  readonly allowOtherRelease?: boolean | undefined;
}

/** What is declared: where, for which Keystone, and what there is to be. No step behind it asks where it came from. */
export interface SystemSpec extends SystemModes {
  readonly release: Release;
  readonly suffix: string;
  readonly trees: Trees;
  readonly schema?: { readonly file?: string | undefined; readonly replace?: boolean | undefined };
  readonly serviceAccount?: DeclaredServiceAccount | undefined;
  /** Absent, nothing is said of identities. */
  readonly identities?: Identities | undefined;
  /** Users that are too many to be among them. */
  readonly users?: UserSource | undefined;
  /** The files of these users, which are read to plan and once more to write. */
  readonly userFiles?: readonly string[];
  readonly keystoneConf?: DeclaredConf | undefined;
  /** A digest of the declaration, by which a saved plan knows it again; absent where no plan is saved. */
  readonly digest?: string | undefined;
}

export interface DeclaredServiceAccount {
  readonly target: ServiceAccountTarget;
  /** Stores a password that was generated, before the account gets it. */
  readonly keepPassword?: (() => Promise<void>) | undefined;
}

/** keystone.conf, as it is to be once the directory is as planned. */
export interface DeclaredConf {
  /** Whether the file as it was is kept. */
  readonly backup: boolean;
  readonly plan: (there: {
    readonly directory: Session;
    readonly planned: PlannedEntries;
  }) => Promise<ConfPlan>;
}

/** A specification with the server that it is about. */
export interface OpenSystem {
  readonly spec: SystemSpec;
  readonly directory: Session;
  /** By which `directory` was opened; users in great number have connections of their own. */
  readonly connection: Connection;
  readonly openConfig: () => Promise<Session>;
  readonly settleAccess?: AccessPorts['settleAccess'];
  /** Random ids, the same in each plan of a run. */
  readonly ids: DrawnIds;
}

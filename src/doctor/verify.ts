import type { Session } from '../directory/session.ts';
import { divideIdentities } from '../identities/divide-identities.ts';
import type { Identities } from '../identities/identities.ts';
import { entryContext } from '../plan/entry-context.ts';
import type { Release, Trees } from '../releases/release.ts';
import type { Finding } from './finding.ts';
import { KeystoneReader } from './keystone-reader.ts';
import { legacyFindings } from './legacy-findings.ts';
import { verifyEnabled } from './verify-enabled.ts';
import { verifyIdentities } from './verify-identities.ts';
import { verifySchema } from './verify-schema.ts';
import { verifyTrees } from './verify-trees.ts';

export interface VerifyTarget {
  readonly release: Release;
  readonly trees: Trees;
  readonly identities: Identities;
  /** Called before each identity is asked for. What it throws ends the check. */
  readonly onIdentity?: ((done: number, total: number) => void) | undefined;
}

/** Asks the directory what the release would ask, with the identity of the session. It writes nothing. */
export async function* verify(directory: Session, target: VerifyTarget): AsyncGenerator<Finding> {
  yield* verifySchema(directory, target.release);
  yield* verifyTrees(directory, target);
  yield* verifyEnabled(directory, target);
  yield* legacyFindings(directory, target);
  const { held: identities } = divideIdentities(target.identities, target.release.layout);
  const context = await entryContext(directory, { ...target, identities });
  yield* verifyIdentities(new KeystoneReader(directory, context), identities, {
    ...context,
    onIdentity: target.onIdentity,
  });
}

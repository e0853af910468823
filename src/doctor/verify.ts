import type { Session } from '../directory/session.ts';
import { divideIdentities } from '../identities/entries/divide-identities.ts';
import { NO_IDENTITIES, type Identities } from '../identities/identities.ts';
import { entryContext } from '../plan/identities/entry-context.ts';
import type { VerifyTarget } from './verify-target.ts';

import { causesOnly } from './causes-only.ts';
import type { Finding } from './finding.ts';
import { KeystoneReader } from './keystone-reader.ts';
import { legacyEntries } from './legacy-entries.ts';
import { isOfTenantMembers, legacyFindings } from './legacy-findings.ts';
import { SEED_REMEDY } from './seed-remedy.ts';
import { verifyEnabled } from './verify-enabled.ts';
import { verifyIdentities } from './verify-identities.ts';
import { verifySchema } from './verify-schema.ts';
import { missingTrees } from './verify-trees.ts';
import { verifyView } from './verify-view.ts';

/**
 * Trees, and what Keystone lists below them. Where there is no tree, that none is listed goes without saying, and so does
 * that a list fails for an option that was found. Returns whether Keystone gets at users at all.
 */
export async function* verifyListed(
  directory: Session,
  { minUsers = 0, ...target }: Omit<VerifyTarget, 'identities'>,
): AsyncGenerator<Finding, boolean> {
  const found: Finding[] = [];
  for await (const finding of missingTrees(directory, target.trees, {
    conf: target.conf,
    layout: target.release.layout,
  }))
    found.push(finding);
  const isThere = found.every(({ subject }) => subject !== `user tree ${target.trees.user}`);
  for await (const finding of verifyEnabled(directory, target)) found.push(finding);
  yield* found;
  if (!isThere) return true;
  const isExplained = found.some(({ code }) => code === 'ENABLED_DEFAULT');
  let isListed = true;
  for await (const finding of verifyView(directory, { ...target, minUsers })) {
    const isFailure = finding.code === 'LIST_FAILS';
    isListed &&= !isFailure || !finding.subject.startsWith('users ');
    if (!isFailure || !isExplained) yield finding;
  }
  return isListed;
}

/** Asks the directory what the release would ask, with the identity of the session. It writes nothing. */
export function verify(directory: Session, target: VerifyTarget): AsyncGenerator<Finding> {
  return causesOnly(verifyAll(directory, target));
}

async function* verifyAll(directory: Session, target: VerifyTarget): AsyncGenerator<Finding> {
  yield* verifySchema(directory, target.release, target.conf?.doc);
  const isListed = yield* verifyListed(directory, target);
  const ofMembers: Finding[] = [];
  for await (const finding of legacyFindings(directory, target))
    if (isOfTenantMembers(finding)) ofMembers.push(finding);
    else yield finding;
  // If no user can be read, there is no need to report each one.
  const said = new Set(isListed ? yield* verifyAsked(directory, target) : []);
  // What was said of identities that are declared is not said of all entries once more.
  for (const finding of ofMembers) if (!said.has(finding.code)) yield finding;
  if (!isListed) return;
  for await (const finding of legacyEntries(directory, target)) if (!said.has(finding.code)) yield finding;
}

/** Returns the codes of what it found. */
async function* verifyAsked(
  directory: Session,
  target: VerifyTarget,
): AsyncGenerator<Finding, readonly Finding['code'][]> {
  const said: Finding['code'][] = [];
  const findings =
    target.identities === NO_IDENTITIES
      ? verifyDefaultDomain(directory, target)
      : verifyHeld(directory, target, divideIdentities(target.identities, target.release.layout).held);
  for await (const finding of findings) {
    said.push(finding.code);
    yield finding;
  }
  return said;
}

async function* verifyHeld(
  directory: Session,
  target: VerifyTarget,
  identities: Identities,
): AsyncGenerator<Finding> {
  const context = await entryContext(directory, { ...target, identities });
  const reader = new KeystoneReader(directory, context);
  yield* verifyIdentities(reader, identities, { ...context, onIdentity: target.onIdentity });
}

/**
 * The only entry that Keystone requires even if it is asked for none: no user can log in without a domain. It creates the role
 * of project members itself when it needs the role (Havana, 2013.2).
 */
async function* verifyDefaultDomain(directory: Session, target: VerifyTarget): AsyncGenerator<Finding> {
  const { domains } = divideIdentities(NO_IDENTITIES, target.release.layout).held;
  const tree = target.trees.domain;
  // A missing tree is a finding of its own.
  if (domains.length === 0 || tree === undefined) return;
  if ((await directory.read(tree, ['1.1'])) === undefined) return;
  const name = domains[0]?.name ?? '';
  // By default seed writes sample data with published passwords.
  const remedy = `Decide how the domain is to be described, write it under "domains:" in a file (name: ${name}), and seed only this file: keystone-ldap seed --file FILE.`;
  for await (const finding of verifyHeld(directory, target, { ...NO_IDENTITIES, domains }))
    yield finding.remedy === SEED_REMEDY ? { ...finding, remedy } : finding;
}

import { dnKey } from '../directory/dn.ts';
import type { PlannedEntries } from '../doctor/observed-emulation.ts';
import { oursAmong } from '../history/owned-entries.ts';
import { planPrune, type PrunePlan } from '../history/plan-prune.ts';
import { registryDn } from '../history/registry.ts';
import type { Change } from '../plan/change.ts';
import type { ExistingEntry } from '../plan/identities/plan-identities.ts';
import { planInit } from '../plan/plan-init.ts';
import { canBindTo } from './connection.ts';
import { countRegistry } from './count-registry.ts';
import type { IdentityPart, StreamedUsers } from './identity-part.ts';
import { planIdentityPart } from './plan-identity-part.ts';
import type { RunPorts } from './ports.ts';
import { fileFacts, type PlanFacts } from './saved-plan.ts';
import type { SystemPlan } from './system-plan.ts';
import type { OpenSystem } from './system-spec.ts';

/** Looks at the server and at keystone.conf, and plans what makes them as they are declared. It writes nothing. */
export async function planSystem(system: OpenSystem, ports: RunPorts = {}): Promise<SystemPlan> {
  const { spec, directory, openConfig, connection, settleAccess } = system;
  const { release, trees, suffix, schema = {}, allowOtherRelease, serviceAccount, keystoneConf } = spec;
  const accessRemarks: string[] = [];
  const init = await planInit(
    {
      ...{ directory, openConfig, canBind: canBindTo(connection) },
      ...(settleAccess && { settleAccess }),
      onRemark: (text) => void accessRemarks.push(text),
    },
    {
      ...{ release, trees, allowOtherRelease, serviceAccount: serviceAccount?.target },
      ...{ schemaFile: schema.file, replaceSchema: schema.replace ?? false },
    },
  );
  // What lets the service account in comes last, as `apply` makes it in any case.
  const toCome = init.flatMap(({ kind, dn }) => (kind === 'add-entry' ? [dn] : []));
  const seed = await planIdentityPart(system, toCome, ports);
  const conf = (await keystoneConf?.plan({ directory, planned: plannedEntries(seed) })) ?? NO_FILES;
  const prune = await planPruning(system, [...init, ...seed.changes], seed);
  const changes = [...init, ...seed.changes, ...prune.changes];
  const files = conf.files.filter(({ edits }) => edits.length > 0).map(fileFacts);
  const facts = {
    ...{ target: targetFacts(system), declaration: spec.digest ?? '', changes, files },
    ...(seed.users && { users: seed.users.facts }),
  };
  const written = { changes, ahead: init.length, ...(seed.users && { users: seed.users }) };
  const listings = await countRegistry(directory, registryDn(suffix), spec, written);
  const adopted = changes.length === 0 ? [] : await madeByOthers(system, seed.adopted);
  return {
    ...written,
    ...{ listings, strikes: prune.strikes },
    ...{ conf, adopted, remarks: [...accessRemarks, ...seed.remarks, ...prune.kept], facts },
  };
}

const NO_FILES = { files: [], notes: [] };

/** What becomes of the group of the enabled, and of whom it is about. */
function plannedEntries({ changes, adopted, users }: IdentityPart): PlannedEntries {
  const declared = new Set([...changes, ...adopted].map(({ dn }) => dnKey(dn)));
  return {
    fillGroup: (dn) => users !== undefined || declared.has(dnKey(dn)),
    isDeclared: async () =>
      users === undefined ? (dn) => declared.has(dnKey(dn)) : await isDeclaredIn(users),
  };
}

/** Plans the deletion of what earlier runs made and nobody declares any more. */
async function planPruning(
  { directory, spec: { prune, suffix, trees, release } }: OpenSystem,
  planned: readonly Change[],
  { adopted, users }: IdentityPart,
): Promise<PrunePlan> {
  if (prune !== true) return { changes: [], strikes: [], kept: [] };
  const isDeclared = users && (await isDeclaredIn(users));
  const declared = [...planned, ...adopted].map(({ dn }) => dn);
  return await planPrune(directory, {
    registry: registryDn(suffix),
    trees,
    layout: release.layout,
    declared,
    planned,
    ...(isDeclared && { isDeclared }),
  });
}

async function isDeclaredIn({ target, survey }: StreamedUsers): Promise<(dn: string) => boolean> {
  const { declaredDns } = await import('../plan/stream/declared-dns.ts');
  return await declaredDns(target, survey);
}

async function madeByOthers(
  { directory, spec: { suffix } }: OpenSystem,
  existing: readonly ExistingEntry[],
): Promise<readonly ExistingEntry[]> {
  const isOurs = await oursAmong(directory, registryDn(suffix), existing);
  return existing.filter(({ dn }) => !isOurs(dn));
}

function targetFacts({ spec: { release, suffix, trees }, connection }: OpenSystem): PlanFacts['target'] {
  const { uri, credentials } = connection.options;
  const binds = credentials.kind === 'simple' ? credentials.dn : credentials.kind;
  return { server: uri, binds, release: release.name, suffix, trees };
}

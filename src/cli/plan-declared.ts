import { dnKey } from '../directory/dn.ts';
import { oursAmong } from '../history/owned-entries.ts';
import { planPrune, type PrunePlan } from '../history/plan-prune.ts';
import { registryDn } from '../history/registry.ts';
import type { PlannedEntries } from '../doctor/observed-emulation.ts';
import type { Change } from '../plan/change.ts';
import type { DrawnIds } from '../plan/drawn-ids.ts';
import type { ExistingEntry } from '../plan/plan-identities.ts';
import { planInit } from '../plan/plan-init.ts';
import { digest, fileFacts, type PlanFacts } from '../plan/saved-plan.ts';
import { chosenRelease } from './chosen-release.ts';
import { countRegistry } from './count-registry.ts';
import type { Declaration } from './declaration.ts';
import type { DeclaredSystem, DeclaredPlan } from './declared-system.ts';
import type { IdentityPart, StreamedUsers } from './identity-part.ts';
import type { Io } from './io.ts';
import { planIdentityPart } from './plan-identity-part.ts';
import { resolveSuffix, resolveTrees } from './release-flags.ts';
import type { DeclaredAccount } from './resolve-conf-account.ts';
import { resolveConfPlan } from './resolve-conf-plan.ts';
import {
  connect,
  lazyConnection,
  resolveConfigConnection,
  resolveKeystoneAccount,
  whileWritten,
  withDirectory,
  type Connection,
} from './resolve-connection.ts';
import {
  resolveServiceAccount,
  settleAccessBy,
  type ResolvedServiceAccount,
} from './resolve-service-account.ts';
import { resolveSource } from './resolve-source.ts';
import { canBindTo } from './run-init.ts';

/** Asks for what is missing, connects, and runs the task. */
export async function withDeclaredSystem<T>(
  declaration: Declaration,
  ids: DrawnIds,
  io: Io,
  task: (system: DeclaredSystem) => Promise<T>,
): Promise<T> {
  const { flags, loaded } = declaration;
  const connecting = lazyConnection(flags, io);
  const keystoneConf = declaration.conf?.keystoneConf;
  const release = await chosenRelease({ ...flags, keystoneConf }, io, connecting);
  const { serviceAccount = {} } = loaded.config;
  const resetPasswords = serviceAccount.resetPassword === true;
  const account = await resolveServiceAccount({ ...flags, resetPasswords }, io);
  const isNone = loaded.identities === undefined && flags.declared?.sample === undefined;
  const resolved = isNone ? undefined : await resolveSource(flags, release, io);
  const { identities, source } = { source: undefined, identities: undefined, ...resolved };
  const connection = whileWritten(await connecting(), source);
  const keystone = await keystoneAccount(declaration, account, connection, io);
  const openConfig = async () => await connect(await resolveConfigConnection(flags, connection, io));
  return await withDirectory(connection, async (directory) => {
    const suffix = await resolveSuffix(flags, io, directory);
    const trees = await resolveTrees({ ...flags, suffix }, release, io, directory);
    const place = { release, suffix, trees, directory, openConfig, connection };
    return await task({ declaration, ...place, account, identities, source, keystone, ids });
  });
}

/** As whom Keystone binds; the password of a service account may have been drawn just now. */
async function keystoneAccount(
  { conf, loaded }: Declaration,
  account: ResolvedServiceAccount | undefined,
  { options }: Connection,
  io: Io,
): Promise<DeclaredAccount | undefined> {
  if (conf === undefined) return undefined;
  const { uri = options.uri } = conf;
  if (loaded.config.keystoneConf?.bindDn !== undefined)
    return await resolveKeystoneAccount({ ...conf, uri }, io);
  if (account !== undefined) return { dn: account.target.dn, password: account.target.password };
  const { credentials } = options;
  if (credentials.kind !== 'simple') return undefined;
  return { dn: credentials.dn, password: credentials.password, origin: 'the account of this run' };
}

/** Looks at the server and at keystone.conf, and plans what makes them as they are declared. */
export async function planDeclared(system: DeclaredSystem, io: Io): Promise<DeclaredPlan> {
  const { declaration, release, trees, directory, openConfig, connection, account, suffix } = system;
  const { schemaFile, replaceSchema = false, allowOtherRelease } = declaration.flags;
  const accessRemarks: string[] = [];
  const init = await planInit(
    {
      ...{ directory, openConfig, canBind: canBindTo(connection) },
      settleAccess: settleAccessBy(declaration.flags, io),
      onRemark: (text) => void accessRemarks.push(text),
    },
    { release, trees, schemaFile, replaceSchema, allowOtherRelease, serviceAccount: account?.target },
  );
  // What lets the service account in comes last, as `apply` makes it in any case.
  const toCome = init.flatMap(({ kind, dn }) => (kind === 'add-entry' ? [dn] : []));
  const seed = await planIdentityPart(system, toCome, io);
  const { conf: flags } = declaration;
  const otherRelease = allowOtherRelease === undefined ? {} : { allowOtherRelease };
  const conf =
    flags === undefined
      ? { files: [], notes: [] }
      : await resolveConfPlan({ ...flags, ...otherRelease, suffix, release: release.name }, io, {
          isMeant: declaration.isMeant,
          account: system.keystone,
          directory,
          planned: plannedEntries(seed),
        });
  const prune = await planPruning(system, [...init, ...seed.changes], seed);
  const changes = [...init, ...seed.changes, ...prune.changes];
  const files = conf.files.filter(({ edits }) => edits.length > 0).map(fileFacts);
  const facts = {
    ...{ target: targetFacts(system), declaration: declarationDigest(system), changes, files },
    ...(seed.users && { users: seed.users.facts }),
  };
  const written = { changes, ahead: init.length, ...(seed.users && { users: seed.users }) };
  const listings = await countRegistry(directory, registryDn(suffix), declaration, written);
  const adopted = changes.length === 0 ? [] : await madeByOthers(system, seed.adopted);
  return {
    ...written,
    ...{ listings, strikes: prune.strikes },
    ...{ conf, adopted, remarks: [...accessRemarks, ...seed.remarks, ...prune.kept], facts },
  };
}

/** What becomes of the group of the enabled, and of whom it is about. */
function plannedEntries({ changes, adopted, users }: IdentityPart): PlannedEntries {
  const declared = new Set([...changes, ...adopted].map(({ dn }) => dnKey(dn)));
  return {
    fillGroup: (dn) => users !== undefined || declared.has(dnKey(dn)),
    isDeclared: async () =>
      users === undefined ? (dn) => declared.has(dnKey(dn)) : await isDeclaredIn(users),
  };
}

/** What of ours nobody declares any more, where that is to go. */
async function planPruning(
  { declaration, directory, suffix, trees, release }: DeclaredSystem,
  planned: readonly Change[],
  { adopted, users }: IdentityPart,
): Promise<PrunePlan> {
  if (declaration.flags.prune !== true) return { changes: [], strikes: [], kept: [] };
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
  { directory, suffix }: DeclaredSystem,
  existing: readonly ExistingEntry[],
): Promise<readonly ExistingEntry[]> {
  const isOurs = await oursAmong(directory, registryDn(suffix), existing);
  return existing.filter(({ dn }) => !isOurs(dn));
}

function targetFacts({ release, suffix, trees, connection }: DeclaredSystem): PlanFacts['target'] {
  const { uri, credentials } = connection.options;
  const binds = credentials.kind === 'simple' ? credentials.dn : credentials.kind;
  return { server: uri, binds, release: release.name, suffix, trees };
}

function declarationDigest({ declaration, identities, source }: DeclaredSystem): string {
  const { loaded, conf } = declaration;
  return digest({ config: loaded.config, identities, users: source?.subject, conf });
}

import type { UserSource } from '../../identities/users/user-source.ts';
import type { DrawnIds } from '../../plan/identities/drawn-ids.ts';
import type { Release } from '../../releases/release.ts';
import { connect, withDirectory, type Connection } from '../../system/connection.ts';
import { digest } from '../../system/saved-plan.ts';
import type { OpenSystem, SystemSpec } from '../../system/system-spec.ts';
import { chosenRelease } from '../inputs/chosen-release.ts';
import type { Declaration } from './declaration.ts';
import type { Io } from '../terminal/io.ts';
import { resolveSuffix, resolveTrees } from '../inputs/release-flags.ts';
import type { DeclaredAccount } from '../configure/resolve-conf-account.ts';
import { resolveConfPlan } from '../configure/resolve-conf-plan.ts';
import {
  lazyConnection,
  resolveConfigConnection,
  resolveKeystoneAccount,
  whileWritten,
} from '../inputs/resolve-connection.ts';
import {
  resolveServiceAccount,
  settleAccessBy,
  type ResolvedServiceAccount,
} from '../inputs/resolve-service-account.ts';
import { resolveSource } from '../inputs/resolve-source.ts';

/** Asks for what is missing, connects, and runs the task. */
export async function withDeclaredSystem<T>(
  declaration: Declaration,
  ids: DrawnIds,
  io: Io,
  task: (system: OpenSystem) => Promise<T>,
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
    const { schemaFile, replaceSchema, prune, bulk, allowOtherRelease } = flags;
    const { resetPasswords: reset, bindablePasswords, allowUnsafeNames, newIds } = flags;
    const spec: SystemSpec = {
      ...{ release, suffix, trees, schema: { file: schemaFile, replace: replaceSchema } },
      ...{ serviceAccount: account, identities, users: source, userFiles: loaded.files },
      ...{ prune, bulk, allowOtherRelease, bindablePasswords, allowUnsafeNames, newIds },
      resetPasswords: reset,
      keystoneConf: declaredConf(declaration, { release, suffix, keystone }, io),
      digest: declarationDigest(declaration, { identities, source }),
    };
    const settleAccess = settleAccessBy(flags, io);
    return await task({ spec, directory, connection, openConfig, settleAccess, ids });
  });
}

/** keystone.conf as the file declares it, for what the directory is going to be. */
function declaredConf(
  { conf, flags: { allowOtherRelease }, isMeant }: Declaration,
  {
    release,
    suffix,
    keystone,
  }: {
    readonly release: Release;
    readonly suffix: string;
    readonly keystone: DeclaredAccount | undefined;
  },
  io: Io,
): SystemSpec['keystoneConf'] {
  if (conf === undefined) return undefined;
  const otherRelease = allowOtherRelease === undefined ? {} : { allowOtherRelease };
  const flags = { ...conf, ...otherRelease, suffix, release: release.name };
  return {
    backup: conf.backup,
    plan: (there) => resolveConfPlan(flags, io, { isMeant, account: keystone, ...there }),
  };
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

function declarationDigest(
  { loaded, conf }: Declaration,
  { identities, source }: { readonly identities: unknown; readonly source: UserSource | undefined },
): string {
  return digest({ config: loaded.config, identities, users: source?.subject, conf });
}

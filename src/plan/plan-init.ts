import { parentDn } from '../directory/dn.ts';
import { KeystoneLdapError } from '../errors.ts';
import { kindsIn, treeOf } from '../releases/layout-of.ts';
import { unreadTrees } from '../releases/unread-trees.ts';
import type { Change } from './change.ts';
import type { InitTarget } from './init-target.ts';
import { loadSchemaTarget } from './schema/load-schema-target.ts';
import { planSchemaModules } from './schema/plan-schema-modules.ts';
import { planSchema } from './schema/plan-schema.ts';
import { planServiceAccess, type AccessPorts } from './access/plan-service-access.ts';
import { planServiceAccount, type ServiceAccountPorts } from './access/plan-service-account.ts';
import { planTrees } from './plan-trees.ts';
import { refuseOtherGeneration } from './refuse-other-generation.ts';
import type { SchemaPorts } from './schema/schema-target.ts';

export type InitPorts = AccessPorts & Partial<Pick<ServiceAccountPorts, 'canBind'>>;

/**
 * What `init` has to do: load the schema, then create what is missing of the trees, and the service account with its
 * rights. Trees that no database can hold are refused before anything else.
 */
export async function planInit(ports: InitPorts, target: InitTarget): Promise<readonly Change[]> {
  const { release, trees, serviceAccount } = target;
  requireReadTrees(target);
  const wanted = kindsIn(trees).map((kind) => [`${kind} tree`, treeOf(trees, kind)]);
  if (serviceAccount !== undefined)
    wanted.push(['container of the service account', parentDn(serviceAccount.dn)]);
  const containers = await planTrees(ports.directory, Object.fromEntries(wanted) as Record<string, string>);
  if (target.allowOtherRelease !== true) await refuseOtherGeneration(ports.directory, target);
  const schema = await schemaChanges(ports, target);
  if (serviceAccount === undefined) return [...schema, ...containers];
  const { dn, access } = serviceAccount;
  const account = await planServiceAccount({ canBind: unknown, ...ports }, serviceAccount);
  const rights = access ? await planServiceAccess(ports, { dn, release, trees }) : [];
  return [...schema, ...containers, ...account, ...rights];
}

/** @throws `INPUT_INVALID` for trees that the release has no option for, and does not look at */
function requireReadTrees({ release, trees }: Pick<InitTarget, 'release' | 'trees'>): void {
  const unread = unreadTrees(release.conf, trees);
  if (unread.length === 0) return;
  throw new KeystoneLdapError('INPUT_INVALID', `${release.title} never looks at these trees.`, {
    problems: unread.map(({ kind, tree, instead }) => ({
      message: `the ${kind} tree ${tree}: it looks for ${kind}s in ${instead}`,
    })),
    hint: 'It has no option for its trees: give it a database with the suffix dc=example,dc=com, or use another release.',
  });
}

/** Without a second connection a password whose stored form does not tell counts as another one. */
function unknown(): Promise<boolean> {
  return Promise.resolve(false);
}

async function schemaChanges(ports: SchemaPorts, target: InitTarget): Promise<readonly Change[]> {
  const { schema: need } = target.release;
  return need.kind === 'modules' && target.schemaFile === undefined
    ? await planSchemaModules(ports, need.modules)
    : await planSchema(ports, await loadSchemaTarget(target));
}

import { kindsIn, treeOf } from '../releases/layout-of.ts';
import type { Release, Trees } from '../releases/release.ts';
import { loadSchemaTarget } from './load-schema-target.ts';
import type { Change } from './change.ts';
import { planSchemaModules } from './plan-schema-modules.ts';
import { planSchema, type SchemaPorts } from './plan-schema.ts';
import { planTrees } from './plan-trees.ts';

export interface InitTarget {
  readonly release: Release;
  readonly trees: Trees;
  /** A `.schema` or `.ldif` file to load instead of the one of the release. */
  readonly schemaFile: string | undefined;
  readonly replaceSchema: boolean;
}

/**
 * What `init` has to do: load the schema, then create what is missing of the trees. Trees that no database can hold are
 * refused before anything else.
 */
export async function planInit(ports: SchemaPorts, target: InitTarget): Promise<readonly Change[]> {
  const wanted = kindsIn(target.trees).map((kind) => [`${kind} tree`, treeOf(target.trees, kind)]);
  const trees = await planTrees(ports.directory, Object.fromEntries(wanted) as Record<string, string>);
  const { schema: need } = target.release;
  const schema =
    need.kind === 'modules' && target.schemaFile === undefined
      ? await planSchemaModules(ports, need.modules)
      : await planSchema(ports, await loadSchemaTarget(target));
  return [...schema, ...trees];
}

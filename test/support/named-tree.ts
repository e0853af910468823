import type { Attributes } from '../../src/directory/entry.ts';

type Tree = Readonly<Record<string, Attributes>>;

const UUID_V4 = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g;

/** The tree with the names of users and tenants in the place of their random ids, wherever these stand. */
export function namedTree(tree: Tree): Tree {
  const names = new Map<string, string>();
  for (const { uid, cn, keystoneName } of Object.values(tree)) {
    const [id, name] = [(uid ?? cn)?.[0], keystoneName?.[0]];
    if (id !== undefined && name !== undefined) names.set(id, name);
  }
  const text = JSON.stringify(tree).replace(UUID_V4, (id) => names.get(id) ?? id);
  return JSON.parse(text) as Tree;
}

/** The tree with every password as the golden files write it. */
export function withoutPasswords(tree: Tree): Tree {
  return Object.fromEntries(
    Object.entries(tree).map(([dn, { userPassword, ...rest }]) => [
      dn,
      userPassword === undefined ? rest : { ...rest, userPassword: ['***'] },
    ]),
  );
}

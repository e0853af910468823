import { withoutIndex } from '../../plan/access/access-rule.ts';
import { attributeKinds, type AttributeKinds } from '../../plan/access/attribute-kinds.ts';
import { observeDatabases, type ObservedDatabase } from '../../plan/access/observe-databases.ts';
import { accountOfRule, bypassedRules } from '../../plan/access/service-access.ts';
import { shellCommand } from '../../shell-word.ts';
import { kindsIn, layoutOf } from '../../releases/layout-of.ts';
import type { Backend } from '../backend.ts';
import type { Finding } from '../finding.ts';
import type { DirectoryCheck } from './check.ts';

/**
 * Whether rules that `init --service-account` made come before rules of the site that refuse the same. Earlier versions
 * put theirs first, and so let locked users log in, and passwords go over connections that the site does not accept.
 */
export const bypassedSiteRules: DirectoryCheck = async function* ({ backend, session, config, schema }) {
  const { databases, frontendAccess } = await observeDatabases(config ?? session);
  const markers = kindsIn(backend.trees).map((kind) => layoutOf(backend.release.layout, kind).marker);
  const kinds = attributeKinds(schema, markers);
  for (const database of databases)
    yield* findingsIn(database, { frontend: frontendAccess.map(withoutIndex), kinds, backend });
};

function* findingsIn(
  { dn, access }: ObservedDatabase,
  {
    frontend,
    kinds,
    backend,
  }: { readonly frontend: readonly string[]; readonly kinds: AttributeKinds; readonly backend: Backend },
): Generator<Finding> {
  const rules = access.map(withoutIndex);
  const bypassed = new Map<string, Set<string>>();
  for (const [index, text] of rules.entries()) {
    const account = accountOfRule(text);
    if (account === undefined) continue;
    const found = bypassed.get(account) ?? new Set();
    for (const rule of bypassedRules(rules, frontend, index, kinds)) found.add(rule);
    bypassed.set(account, found);
  }
  for (const [account, found] of bypassed)
    if (found.size > 0)
      yield {
        code: 'SITE_RULES_BYPASSED',
        severity: 'error',
        subject: `${account} in ${dn}`,
        message: `rules that "init --service-account" made come before rules of the site that refuse the same, so that these have no effect: ${[...found].join('; ')}`,
        remedy: `Run "${initCommand(account, backend)}": it puts them after the rules of the site.`,
      };
}

function initCommand(account: string, { release, trees, server }: Backend): string {
  return shellCommand([
    ...['keystone-ldap', 'init', '--release', release.name, '-H', server.urls[0] ?? 'ldapi:///'],
    ...kindsIn(trees).flatMap((kind) => [`--${kind}-tree-dn`, trees[kind] ?? '']),
    ...['--service-account', account],
  ]);
}

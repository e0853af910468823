import type { ConfStyle, Layout, LegacyBehaviour, NameRules, Trees } from '../../releases/release.ts';
import { unreadTrees } from '../../releases/unread-trees.ts';
import { checkAccess } from './check-access.ts';
import { checkBelow } from './check-below.ts';
import { checkEnabled } from './check-enabled.ts';
import { checkSharedNames } from './check-shared-names.ts';
import { checkSingleName } from './check-single-name.ts';
import { checkValues } from './check-values.ts';
import type { Identities } from '../identities.ts';
import type { NameFault } from './name-fault.ts';
import { namedItems } from './named-item.ts';
import { rawFilterEffect } from './raw-filter.ts';

/** What the checks must know of a release; `{ ...release, trees }` is one. */
export interface NameContext {
  readonly layout: Layout;
  readonly nameRules: NameRules;
  readonly trees: Trees;
  readonly legacy?: LegacyBehaviour | undefined;
  readonly conf?: ConfStyle | undefined;
}

/** Everything in these identities that the directory, Keystone's own code or its SQL cannot live with. */
export function checkNames(identities: Identities, context: NameContext): readonly NameFault[] {
  return [
    ...checkUserTree(context),
    ...checkUnreadTrees(context),
    ...checkSharedNames(namedItems(identities, context.layout), context),
    ...checkEach(identities, context),
  ];
}

/** The part of it for which no other item counts, but for the tenants that a user is in. */
export function checkEach(identities: Identities, context: NameContext): readonly NameFault[] {
  return [
    ...namedItems(identities, context.layout).flatMap((item) => checkSingleName(item, context)),
    ...checkValues(identities, context),
    ...checkAccess(identities, context),
    ...checkEnabled(identities, context.layout),
    ...checkBelow(identities, context.layout),
  ];
}

function checkUserTree({ nameRules, trees }: NameContext): NameFault[] {
  const effect = nameRules.userDnInFilter ? rawFilterEffect(trees.user) : undefined;
  if (effect === undefined) return [];
  const outcome =
    effect === 'refused' ? 'listing all users would fail' : 'no tenants and roles of users would be found';
  const message = `the user tree ${trees.user} goes into Keystone's search filters as it is, with characters that mean something there: ${outcome}`;
  return [{ code: 'TREE_BREAKS_LISTINGS', severity: 'remark', at: undefined, message }];
}

/** A release without options for its trees looks at those of its code only. */
function checkUnreadTrees({ conf, trees }: NameContext): NameFault[] {
  return unreadTrees(conf, trees).map(({ kind, tree, instead }) => ({
    code: 'TREE_NOT_READ',
    severity: 'unsafe',
    at: undefined,
    message: `the ${kind} tree ${tree} is never looked at: this release has no option for it, and looks in ${instead}`,
  }));
}

import { foldCase } from '../directory/dn.ts';
import type { Layout } from '../releases/release.ts';
import type { SchemaElement } from '../schema/definition.ts';
import type { OptionSource } from './option-source.ts';
import type { Finding } from './finding.ts';

/**
 * Whether the id attribute is spelt as the server spells it. From Train on Keystone takes the id of a member whose RDN is
 * of another type from the member's entry, and there, unlike everywhere else, case counts (seen with 22).
 */
export function* verifySpelling(
  present: readonly SchemaElement[],
  { user, group, lookup }: Layout,
  conf?: OptionSource,
): Generator<Finding> {
  if (lookup !== 'id' || group?.membersAre !== 'dns') return;
  const names = present.filter(({ element }) => element === 'attributeType').flatMap((type) => type.names);
  if (names.includes(user.rdn)) return;
  const spelt = names.find((name) => foldCase(name) === foldCase(user.rdn));
  if (spelt === undefined) return;
  yield {
    code: 'ATTRIBUTE_SPELLING',
    severity: 'warning',
    subject: `user_id_attribute ${user.rdn}`,
    message: `the server spells it ${spelt}${conf?.where('user_id_attribute') ?? ''}; listing the users of a group ends in HTTP 404`,
    remedy: `Set user_id_attribute = ${spelt}.`,
  };
}

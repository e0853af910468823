import { dnKey } from '../directory/dn.ts';
import { formatLdif } from '../directory/format-ldif.ts';
import { present } from '../directory/filter.ts';
import type { Session } from '../directory/session.ts';
import { kindsIn, mappedAttributes, treeOf } from '../releases/layout-of.ts';
import type { ExportTarget } from './export-target.ts';

/** The trees as they are, containers included, in the order in which the server gives them: parents first. */
export async function* exportLdif(
  session: Session,
  { trees, release, withPasswords }: ExportTarget,
): AsyncGenerator<string> {
  const bases = new Map(kindsIn(trees).map((kind) => [dnKey(treeOf(trees, kind)), treeOf(trees, kind)]));
  const hidden = withPasswords ? '' : release.layout.user.passwordAttribute.toLowerCase();
  let isFirst = true;
  for (const base of bases.values())
    for await (const { dn, attributes } of session.search({
      base,
      scope: 'sub',
      filter: ALL,
      attributes: ['*', ...mappedAttributes(release.layout)],
    })) {
      const kept = Object.entries(attributes).filter(([name]) => name.toLowerCase() !== hidden);
      yield `${isFirst ? '' : '\n'}${formatLdif([{ dn, attributes: Object.fromEntries(kept) }])}`;
      isFirst = false;
    }
}

const ALL = present('objectClass');

import { foldCase } from '../../directory/dn.ts';
import { anyOf, equal } from '../../directory/filter.ts';
import type { Session } from '../../directory/session.ts';
import { KeystoneLdapError } from '../../errors.ts';
import { namingContexts } from '../../plan/plan-trees.ts';
import { labelOf, type SchemaElement } from '../../schema/definition.ts';
import { Tally } from '../tally.ts';
import { optionSource } from '../option-source.ts';
import { schemaFindings } from '../verify-schema.ts';
import type { DirectoryCheck } from './check.ts';

/** Whether the server knows what this release needs. */
export const schema: DirectoryCheck = async function* (context) {
  const { release, doc } = context.backend;
  yield* schemaFindings(context.schema, release, optionSource(doc));
  if (release.schema.kind === 'revision') return;
  const left = context.schema.filter(({ names }) =>
    names.some((name) => foldCase(name).startsWith('keystone')),
  );
  if (left.length === 0) return;
  const found = await entriesWith(left, context.config ?? context.session);
  const isUsed = found !== undefined && found.count > 0;
  const use =
    found === undefined
      ? 'this account cannot check whether entries have its object classes'
      : isUsed
        ? `entries have its object classes, ${found.text}`
        : 'no entry has its object classes, so it does no harm';
  yield {
    code: 'SCHEMA_LEFTOVER',
    severity: isUsed ? 'warning' : 'info',
    subject: left.map(labelOf).join(', '),
    message: `the server has Keystone's own schema of 2011, which ${release.name} does not use; ${use}`,
    remedy: isUsed
      ? `Nothing needs to be done for ${release.name}. Keep the schema for as long as these entries exist.`
      : 'Nothing needs to be done: schema cannot be deleted over LDAP.',
    ...(isUsed && { count: found.count }),
  };
};

/** The entries that have one of these object classes; `undefined` if the server does not let the session look. */
async function entriesWith(elements: readonly SchemaElement[], session: Session): Promise<Tally | undefined> {
  const found = new Tally();
  const classes = elements.flatMap(({ element, names }) => (element === 'objectClass' ? names : []));
  if (classes.length === 0) return found;
  const filter = anyOf(...classes.map((name) => equal('objectClass', name)));
  const request = { scope: 'sub', filter, attributes: ['1.1'] } as const;
  try {
    for (const base of await namingContexts(session))
      for await (const { dn } of session.search({ ...request, base })) found.add(dn);
    return found;
  } catch (error) {
    if (error instanceof KeystoneLdapError && error.code !== 'CANCELLED') return undefined;
    throw error;
  }
}

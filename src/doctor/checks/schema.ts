import { foldCase } from '../../directory/dn.ts';
import { labelOf } from '../../schema/definition.ts';
import { schemaFindings } from '../verify-schema.ts';
import type { DirectoryCheck } from './check.ts';

/** Whether the server knows what this release needs. */
export const schema: DirectoryCheck = async function* ({ backend: { release }, schema: present }) {
  yield* schemaFindings(present, release);
  if (release.schema.kind === 'revision') return;
  const left = present.filter(({ names }) => names.some((name) => foldCase(name).startsWith('keystone')));
  if (left.length > 0)
    yield {
      code: 'SCHEMA_LEFTOVER',
      severity: 'warning',
      subject: left.map(labelOf).join(', '),
      message: `the server has Keystone's own schema of 2011, which ${release.name} does not use`,
      remedy: 'Nothing needs to be done; on a new server leave it out ("keystone-ldap init" does).',
    };
};

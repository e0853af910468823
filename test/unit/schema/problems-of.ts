import { KeystoneLdapError, type Problem } from '../../../src/errors.ts';

/** The problems of a schema that is refused. */
export function problemsOf(read: () => unknown): readonly Problem[] {
  try {
    read();
  } catch (error) {
    if (error instanceof KeystoneLdapError && error.code === 'SCHEMA_INVALID') return error.problems;
    throw error;
  }
  return [];
}

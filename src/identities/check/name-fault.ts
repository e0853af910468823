import { KeystoneLdapError, type Problem } from '../../errors.ts';
import { problemAt, type Position } from '../read/source.ts';

/** docs/identities.md explains each. */
export type NameFaultCode =
  | 'NAME_EMPTY'
  | 'NAME_NOT_ASCII'
  | 'NAME_BREAKS_LISTINGS'
  | 'NAME_LOSES_ACCESS'
  | 'NAME_EQUAL_IN_LDAP'
  | 'NAME_SHARED_IN_TREE'
  | 'NAME_READ_AS_NUMBER'
  | 'ID_NUMERIC'
  | 'ID_TAKEN'
  | 'ID_IS_NOT_NAME'
  | 'TWO_DEFAULT_TENANTS'
  | 'GRANT_WITHOUT_ACCESS'
  | 'PASSWORD_EMPTY'
  | 'PASSWORD_MISSING'
  | 'PASSWORD_NOT_ASCII'
  | 'PASSWORD_READ_AS_NUMBER'
  | 'VALUE_NOT_ASCII'
  | 'VALUE_READ_AS_NUMBER'
  | 'CANNOT_BE_DISABLED'
  | 'DOMAIN_NOT_HELD'
  | 'BELOW_SCOPE'
  | 'TREE_BREAKS_LISTINGS'
  | 'TREE_NOT_READ';

export interface NameFault {
  readonly code: NameFaultCode;
  /**
   * `impossible`: the directory cannot hold it. `unsafe`: Keystone cannot live with it; a person may insist.
   * `remark`: works, but not as one might expect.
   */
  readonly severity: 'impossible' | 'unsafe' | 'remark';
  /** A sentence: what it is about, the reason, and what would happen. */
  readonly message: string;
  readonly at: Position | undefined;
}

/** A fault as the rest of the program reports problems. */
function faultProblem({ at, message }: NameFault): Problem {
  return problemAt(at, message);
}

/**
 * Lets through what may be written.
 * @throws `UNSAFE_NAME` with all faults that forbid it: impossible ones, and unsafe ones unless they are allowed
 */
export function refuseUnsafeNames(faults: readonly NameFault[], allowUnsafe: boolean): void {
  const refused = faults.filter(
    ({ severity }) => severity === 'impossible' || (severity === 'unsafe' && !allowUnsafe),
  );
  if (refused.length === 0) return;
  const canInsist = refused.every(({ severity }) => severity === 'unsafe');
  throw new KeystoneLdapError(
    'UNSAFE_NAME',
    'This release cannot store these identities; nothing was written.',
    {
      problems: refused.map(faultProblem),
      hint: canInsist ? 'Change them, or insist with --allow-unsafe-names.' : 'Change them.',
    },
  );
}

import type { LdapSettings } from './layout-options.ts';

/** What comes of numbers of `[ldap]` that are written with no value: to oslo.config they are None. */
export interface EmptyNumberFaults {
  /** Why Keystone fails at every request. */
  readonly everyRequest?: string | undefined;
  /** Why the first server that does not answer is the last that is tried. */
  readonly noOtherServer?: string | undefined;
  /** Why nobody logs in. */
  readonly everyLogin?: string | undefined;
}

const EVERY_REQUEST = [
  'pool_size',
  'pool_retry_max',
  'pool_connection_timeout',
  'pool_connection_lifetime',
] as const;
const EVERY_LOGIN = ['auth_pool_size', 'auth_pool_connection_lifetime'] as const;

/**
 * The pools of connections compare these numbers, which Python 3 refuses to do with None. The first login after a start
 * works without `auth_pool_connection_lifetime`, and no other (seen with 22, 27 and 30).
 */
export function emptyNumberFaults(options: LdapSettings): EmptyNumberFaults {
  if (options['use_pool'] !== true) return {};
  const isEmpty = (name: string): boolean => name in options && options[name] === undefined;
  const fault = (names: readonly string[]): string | undefined => {
    const name = names.find(isEmpty);
    return name === undefined ? undefined : `[ldap] ${name} is empty`;
  };
  return {
    everyRequest: fault(EVERY_REQUEST),
    noOtherServer: options['pool_retry_max'] === 1 ? undefined : fault(['pool_retry_delay']),
    everyLogin: options['use_auth_pool'] === true ? fault(EVERY_LOGIN) : undefined,
  };
}

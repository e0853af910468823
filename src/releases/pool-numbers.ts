import type { LdapSettings } from './layout-options.ts';

/** A number of `[ldap]` that a pool of connections cannot work with. */
export interface PoolNumberFault {
  readonly option: string;
  /** What is wrong with it: a sentence's main clause. */
  readonly text: string;
}

/** What comes of the numbers with which Keystone makes its pools. */
export interface PoolNumberFaults {
  /** Why Keystone fails at every request. */
  readonly everyRequest?: PoolNumberFault | undefined;
  /** Why the first server that does not answer is the last that is tried. */
  readonly noOtherServer?: PoolNumberFault | undefined;
  /** Why nobody logs in. */
  readonly everyLogin?: PoolNumberFault | undefined;
}

/** Before Liberty (8.0.0) oslo.config did not refuse them. */
const NONE_AT_ALL: Bounds = { isUnusable: (value) => value < 1, text: 'allows no connection' };

interface Bounds {
  readonly isUnusable: (value: number) => boolean;
  readonly text: string;
}

const EVERY_REQUEST: Readonly<Record<string, Bounds | undefined>> = {
  pool_size: NONE_AT_ALL,
  pool_retry_max: NONE_AT_ALL,
  // The timeout of every answer, of which 0 waits for none (seen with 22, 27 and 30; ldappool 1.0 to 3.0.0).
  pool_connection_timeout: {
    isUnusable: (value) => value === 0,
    text: 'lets Keystone wait for no answer at all',
  },
  pool_connection_lifetime: undefined,
};
const EVERY_LOGIN: typeof EVERY_REQUEST = {
  auth_pool_size: NONE_AT_ALL,
  auth_pool_connection_lifetime: undefined,
};
const NO_OTHER_SERVER: typeof EVERY_REQUEST = {
  pool_retry_delay: {
    isUnusable: (value) => !(value >= 0 && value < Number.POSITIVE_INFINITY),
    text: 'is not a time that Python can wait',
  },
};

/**
 * The pools of connections compare these numbers, which Python 3 refuses to do with the None that oslo.config makes of an empty
 * value. The first login after a start works without `auth_pool_connection_lifetime`, and no other (seen with 22, 27 and 30).
 */
export function poolNumberFaults(options: LdapSettings): PoolNumberFaults {
  if (options['use_pool'] !== true) return {};
  return {
    everyRequest: firstFault(options, EVERY_REQUEST),
    noOtherServer: options['pool_retry_max'] === 1 ? undefined : firstFault(options, NO_OTHER_SERVER),
    everyLogin: options['use_auth_pool'] === true ? firstFault(options, EVERY_LOGIN) : undefined,
  };
}

function firstFault(options: LdapSettings, of: typeof EVERY_REQUEST): PoolNumberFault | undefined {
  for (const [option, bounds] of Object.entries(of)) {
    if (!(option in options)) continue;
    const value = options[option];
    if (value === undefined) return { option, text: `[ldap] ${option} is empty` };
    if (typeof value === 'number' && bounds?.isUnusable(value) === true)
      return { option, text: `[ldap] ${option} = ${value} ${bounds.text}` };
  }
  return undefined;
}

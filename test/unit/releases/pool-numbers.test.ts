import { describe, expect, test } from 'vitest';
import { poolNumberFaults } from '../../../src/releases/pool-numbers.ts';

const POOL = { use_pool: true, use_auth_pool: true, pool_retry_max: 3 };

describe('numbers of the pools of connections', () => {
  test.each([
    [{ pool_connection_timeout: 0 }, { everyRequest: 'pool_connection_timeout = 0' }],
    [{ pool_connection_timeout: undefined }, { everyRequest: 'pool_connection_timeout is empty' }],
    [{ pool_size: 0 }, { everyRequest: 'pool_size = 0' }],
    [{ pool_retry_max: 0 }, { everyRequest: 'pool_retry_max = 0' }],
    [{ auth_pool_size: 0 }, { everyLogin: 'auth_pool_size = 0' }],
    [{ pool_retry_delay: -1 }, { noOtherServer: 'pool_retry_delay = -1' }],
    [{ pool_retry_delay: Number.NaN }, { noOtherServer: 'pool_retry_delay = NaN' }],
    [{ pool_connection_timeout: -1, pool_retry_delay: 0 }, {}],
    [{ pool_connection_timeout: 1, pool_connection_lifetime: 0 }, {}],
    [{ pool_connection_timeout: 0, connection_timeout: 0, use_pool: false }, {}],
    [{ pool_retry_delay: -1, pool_retry_max: 1 }, {}],
    [{ auth_pool_size: 0, use_auth_pool: false }, {}],
  ])('%j', (options, faults) => {
    const { everyRequest, noOtherServer, everyLogin } = poolNumberFaults({ ...POOL, ...options });
    const found = Object.entries({ everyRequest, noOtherServer, everyLogin }).flatMap(([effect, fault]) =>
      fault === undefined ? [] : [[effect, fault.text]],
    );
    const expected = Object.entries(faults).map(([effect, text]) => [
      effect,
      expect.stringContaining(text) as string,
    ]);
    expect(found).toEqual(expected);
  });
});

import fc, { type Arbitrary } from 'fast-check';
import type { TwinEntry } from '../twin-case.ts';
import { PASSWORD, SUFFIX } from '../twin-case.ts';
import type { DomainName, Question, SystemCase } from './system-case.ts';

const ENTRIES: readonly TwinEntry[] = [
  {
    dn: `cn=alice,ou=Users,${SUFFIX}`,
    attributes: { objectClass: ['inetOrgPerson'], cn: ['alice'], sn: ['alice'], userPassword: [PASSWORD] },
  },
];

const ADDRESSES = [
  ...['@URI@', '@LDAPS@', '@URI@', '@LDAPS@'],
  ...['@FOREIGN_URI@', '@FOREIGN_LDAPS@', '@MISNAMED_URI@', '@MISNAMED_LDAPS@'],
  ...['@LOCALHOST_URI@', '@LOCALHOST_LDAPS@', '@MISNAMED_LOCALHOST@', '@LDAPI@'],
  ...['ldap://127.0.0.1:1', 'ldaps://127.0.0.1:1', 'LDAPS://127.0.0.1:1'],
  ...['@UPPER_URI@', 'ldapi://%2Fnowhere'],
];

const url = fc
  .record({
    addresses: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...ADDRESSES).map((one) => [one]) },
      { weight: 1, arbitrary: fc.array(fc.constantFrom(...ADDRESSES), { minLength: 2, maxLength: 3 }) },
    ),
    separator: fc.constantFrom(',', ' ', ', '),
  })
  .map(({ addresses, separator }) => addresses.join(separator));

const maybe = (...values: readonly string[]): Arbitrary<string | undefined> =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(...values) },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );

type Settings = Readonly<Record<string, string>>;

/** How a driver connects; everything else of it is sound. */
const arbitraryConnection: Arbitrary<Settings> = fc
  .record({
    url,
    use_tls: maybe('true', 'false'),
    tls_cacertfile: maybe(
      ...['@CA@', '@CA@', '@CA@', '@CA_OTHER@', '@CA_BOTH@'],
      ...['@CA_GARBAGE@', '@CA_EMPTY@', '@CA_MISSING@', '@DIR@', ''],
    ),
    tls_cacertdir: maybe('@DIR@', '@DIR@', '@DIR_OTHER@', '@DIR_EMPTY@', '@DIR_MISSING@', '@CA@', ''),
    tls_req_cert: maybe('demand', 'demand', 'allow', 'never', 'DEMAND', 'hard', ''),
    use_pool: maybe('true', 'false'),
    use_auth_pool: maybe('true', 'false'),
  })
  .map((options) => ({
    ...{ user: `cn=admin,${SUFFIX}`, password: '@PASSWORD@', suffix: SUFFIX, user_name_attribute: 'cn' },
    ...{ pool_retry_delay: '0.01', pool_retry_max: '2' },
    ...Object.fromEntries(
      Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
  }));

/** A file that cannot be loaded ends all domains. */
const identity: Arbitrary<Settings> = fc.oneof(
  { weight: 20, arbitrary: fc.constant({ driver: 'ldap' }) },
  { weight: 1, arbitrary: fc.constantFrom({}, { driver: 'sql' }, { driver: 'LDAP' }) },
);

const asked = (domain: DomainName): readonly Question[] => [
  { kind: 'users', domain },
  { kind: 'login', domain, name: 'alice', password: PASSWORD },
  { kind: 'login', domain, name: 'alice', password: 'wrong' },
];

/** One driver with any settings of TLS. */
export const arbitraryTls: Arbitrary<SystemCase> = arbitraryConnection.map((ldap) => ({
  entries: ENTRIES,
  main: { identity: { driver: 'ldap' }, ldap },
  domains: {},
  questions: asked('Default'),
}));

/** Several drivers in one process, used in any order. */
export const arbitraryDomains: Arbitrary<SystemCase> = fc
  .uniqueArray(
    fc.tuple(fc.constantFrom<DomainName>('Default', 'Own', 'Other'), arbitraryConnection, identity),
    {
      selector: ([name]) => name,
      minLength: 2,
      maxLength: 3,
    },
  )
  .chain((domains) =>
    fc
      .shuffledSubarray(
        domains.map(([name]) => name),
        { minLength: domains.length },
      )
      .map((order) => ({
        entries: ENTRIES,
        main: { identity: { domain_specific_drivers_enabled: 'true' } },
        domains: Object.fromEntries(
          domains.map(([name, ldap, driver]) => [
            name,
            { identity: driver, ldap: { ...ldap, url: inOwnPool(ldap['url'] ?? '', name) } },
          ]),
        ),
        questions: [...order.flatMap(asked), ...order.flatMap(asked)],
      })),
  );

/** A pool of connections is known by the text of its addresses; here each driver has its own. */
function inOwnPool(url: string, name: DomainName): string {
  return { Default: url, Own: `${url}/`, Other: `${url}//` }[name];
}

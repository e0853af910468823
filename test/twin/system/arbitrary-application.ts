import fc, { type Arbitrary } from 'fast-check';
import { arbitraryCase } from '../arbitrary-case.ts';
import { soundOptions } from '../arbitrary-options.ts';
import { loginsOf, type TwinCase } from '../twin-case.ts';
import type { DomainName, Question, SystemCase } from './system-case.ts';

const maybe = <T>(value: Arbitrary<T>): Arbitrary<T | undefined> =>
  fc.oneof({ weight: 1, arbitrary: value }, { weight: 2, arbitrary: fc.constant(undefined) });

const limit = fc.constantFrom('1', '2', '3', '5', '100', '0', '', 'x');
/** What `[DEFAULT]` may hold besides, right and wrong: every login to a project reads all of it. */
const further = fc.constantFrom<Readonly<Record<string, string>>>(
  { max_project_tree_depth: '6' },
  { max_project_tree_depth: 'deep' },
  { max_token_size: '255 bytes' },
  { max_param_size: '' },
  { strict_password_check: 'maybe' },
  { insecure_debug: 'on' },
  { insecure_debug: 'loud' },
  { notification_format: 'json' },
  { public_endpoint: 'http://keystone:5000/' },
  { public_endpoint: '192.0.2.1:5000' },
  // Each link reads all of the others.
  { public_endpoint: 'http://keystone:5000/', max_token_size: '255 bytes' },
  { public_port: 'x' },
  { admin_bind_host: 'a b', public_endpoint: 'http://keystone:5000/' },
  { log_rotate_interval_type: 'weekly' },
  { max_logfile_count: 'many' },
  // The log is set up with these.
  { debug: 'maybe' },
  { log_rotation_type: 'weekly' },
  { default_log_levels: 'amqp=LOUD' },
  { use_eventlog: 'maybe' },
  // Of later releases, and of none.
  { max_db_limit: 'x' },
  { no_such_option: 'x' },
);
const flag = fc.constantFrom('true', 'false');

const defined = (values: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );

/** The driver alone is asked about odd settings; here most of them work. */
const ldapCase: Arbitrary<TwinCase> = fc
  .record({ drawn: arbitraryCase, sound: soundOptions, isSound: fc.constantFrom(true, true, false) })
  .map(({ drawn, sound, isSound }) => (isSound ? { ...drawn, driver: 'ldap', options: sound } : drawn));

function questionsOf(one: TwinCase, domain: DomainName): readonly Question[] {
  return [
    { kind: 'users', domain },
    { kind: 'groups', domain },
    ...loginsOf(one).map(([name, password]): Question => ({ kind: 'login', domain, name, password })),
  ];
}

/** Ids and names for which columns of the database are too short, or just long enough. */
const lengthened: Arbitrary<(one: TwinCase) => TwinCase> = fc
  .record({
    attribute: fc.constantFrom('cn', 'sn', 'uid'),
    length: fc.constantFrom(64, 65, 255, 256, 300),
    which: fc.nat({ max: 11 }),
  })
  .map(({ attribute, length, which }) => (one) => ({
    ...one,
    entries: one.entries.map((entry, at) => {
      const [first, ...more] = entry.attributes[attribute] ?? [];
      if (at % 12 !== which || first === undefined) return entry;
      const long = first.padEnd(length, 'x');
      const isRdn = entry.dn.startsWith(`${attribute}=${first},`);
      return {
        dn: isRdn ? entry.dn.replace(first, long) : entry.dn,
        attributes: { ...entry.attributes, [attribute]: [long, ...more] },
      };
    }),
  }));

/** One driver, of the default domain or of a domain of its own, asked over HTTP. */
export const arbitraryApplication: Arbitrary<SystemCase> = fc
  .record({
    one: fc
      .tuple(ldapCase, fc.option(lengthened, { freq: 3 }))
      .map(([one, lengthen]) => lengthen?.(one) ?? one),
    domain: fc.constantFrom<DomainName>('Default', 'Default', 'Own'),
    fileOfDefault: fc.constantFrom(false, false, true),
    limits: fc.record({
      main: maybe(limit),
      all: maybe(limit),
      domain: maybe(limit),
      domainAll: maybe(limit),
    }),
    backward: maybe(flag),
    other: fc.option(further, { freq: 5 }),
  })
  .map(({ one, domain, fileOfDefault, limits, backward, other }) => {
    const hasFile = domain === 'Own' || fileOfDefault;
    const ldap = { identity: { driver: one.driver }, ldap: one.options };
    const mainIdentity = defined({ list_limit: limits.main });
    const mapping = backward !== undefined && { identity_mapping: { backward_compatible_ids: backward } };
    const DEFAULT = { ...defined({ list_limit: limits.all }), ...other };
    const questions = questionsOf(one, domain);
    if (!hasFile)
      return {
        entries: one.entries,
        main: { DEFAULT, ...ldap, identity: { ...ldap.identity, ...mainIdentity }, ...mapping },
        domains: {},
        questions,
      };
    return {
      entries: one.entries,
      main: {
        DEFAULT,
        identity: { domain_specific_drivers_enabled: 'true', ...mainIdentity },
        ...mapping,
      },
      domains: {
        [domain]: {
          DEFAULT: defined({ list_limit: limits.domainAll }),
          ...ldap,
          identity: { ...ldap.identity, ...defined({ list_limit: limits.domain }) },
        },
      },
      questions,
    };
  });

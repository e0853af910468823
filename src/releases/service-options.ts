import { optionHistory, type OptionHistory } from './option-history.ts';

const SQL_MAPPING = 'keystone.identity.mapping_backends.sql.Mapping';
const SHA256_GENERATOR = 'keystone.identity.id_generators.sha256.Generator';

/** Options outside `[ldap]` that decide what LDAP serves and what an upgrade must look at. */
export const SERVICE_OPTIONS: readonly OptionHistory[] = [
  optionHistory(['identity', 'default_domain_id'], 'string', [['2013.1', 'default']]),
  optionHistory(['identity', 'domain_specific_drivers_enabled'], 'boolean', [['2013.2', false]]),
  optionHistory(['identity', 'domain_config_dir'], 'string', [['2013.2', '/etc/keystone/domains']]),
  optionHistory(['identity', 'domain_configurations_from_database'], 'boolean', [['2015.1', false]]),
  optionHistory(['identity_mapping', 'driver'], 'string', [
    ['2014.2', SQL_MAPPING],
    ['liberty', 'sql'],
  ]),
  optionHistory(['identity_mapping', 'generator'], 'string', [
    ['2014.2', SHA256_GENERATOR],
    ['liberty', 'sha256'],
  ]),
  optionHistory(['identity_mapping', 'backward_compatible_ids'], 'boolean', [['2014.2', true]]),
  optionHistory(
    ['DEFAULT', 'admin_token'],
    'string',
    [
      ['2012.1', 'ADMIN'],
      ['mitaka', undefined],
    ],
    { secret: true },
  ),
  optionHistory(['DEFAULT', 'member_role_id'], 'string', [['2013.1', '9fe2ff9ee4384b1894a90878d3e92bab']], {
    deprecated: 'queens',
    removed: 'stein',
  }),
  optionHistory(['DEFAULT', 'member_role_name'], 'string', [['2013.1', '_member_']], {
    deprecated: 'queens',
    removed: 'stein',
  }),
];

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Finding, FindingCode } from '../../src/doctor/finding.ts';
import { runCommand } from '../../src/sandbox/run-command.ts';
import { withService, type ServiceOptions } from '../support/doctor/service-conf.ts';
import { describeKeystone } from '../support/keystone/describe-keystone.ts';
import { PYTHON } from '../support/keystone/find-keystone.ts';
import { runCli } from '../support/run-cli.ts';
import { startMemcached } from '../support/start-memcached.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';

/** Each symptom that Keystone 22 looks for, and what this doctor calls it. */
const CODES: Readonly<Record<string, FindingCode>> = {
  caching_disabled: 'CACHE_OFF',
  caching_enabled_without_a_backend: 'CACHE_OFF',
  connection_to_memcached: 'CACHE_UNREACHABLE',
  unique_key_repositories: 'KEYS_SHARED',
  usability_of_credential_fernet_key_repository: 'KEYS_MISSING',
  keys_in_credential_fernet_key_repository: 'KEYS_MISSING',
  database_connection_is_not_SQLite: 'DATABASE_SQLITE',
  debug_mode_is_enabled: 'DEBUG_ON',
  comma_in_SAML_public_certificate_path: 'SAML_COMMA',
  comma_in_SAML_private_key_file_path: 'SAML_COMMA',
  LDAP_user_enabled_emulation_dn_ignored: 'CONF_OPTION',
  LDAP_user_enabled_emulation_use_group_config_ignored: 'CONF_OPTION',
  LDAP_group_members_are_ids_disabled: 'CONF_OPTION',
  LDAP_file_based_domain_specific_configs: 'DOMAIN_FILE_NAME',
  LDAP_file_based_domain_specific_configs_formatted_correctly: 'CONF_UNREADABLE_VALUE',
  minimum_password_age_greater_than_expires_days: 'PASSWORD_AGE',
  invalid_password_regular_expression: 'PASSWORD_REGEX',
  password_regular_expression_description_not_set: 'PASSWORD_REGEX_UNEXPLAINED',
  unreasonable_max_token_size: 'TOKEN_SIZE',
  usability_of_Fernet_key_repository: 'KEYS_MISSING',
  keys_in_Fernet_key_repository: 'KEYS_MISSING',
};

/** Prints the first words of each symptom, by its name; the command says no more of it. */
const SYMPTOMS = `
import json
from keystone.cmd import doctor
print(json.dumps({s.__name__[len(doctor.SYMPTOM_PREFIX):]: s.__doc__.split('\\n')[0]
                  for s in doctor.gather_symptoms()}))`;

interface Case {
  readonly name: string;
  readonly options: ServiceOptions;
  readonly symptoms: readonly string[];
}

const NO_KEYS = [
  'unique_key_repositories',
  'usability_of_credential_fernet_key_repository',
  'keys_in_credential_fernet_key_repository',
  'usability_of_Fernet_key_repository',
  'keys_in_Fernet_key_repository',
];

const CASES: readonly Case[] = [
  { name: 'nothing', options: {}, symptoms: [] },
  {
    name: 'all that can be wrong together',
    options: {
      'cache/enabled': undefined,
      'database/connection': undefined,
      'fernet_tokens/key_repository': '{dir}/none',
      'credential/key_repository': '{dir}/none',
      'DEFAULT/debug': 'true',
      'DEFAULT/max_token_size': '256',
      'saml/certfile': '/a,b',
      'saml/keyfile': '/a,b',
      'ldap/user_enabled_emulation_dn': 'cn=x',
      'ldap/user_enabled_emulation_use_group_config': 'true',
      'ldap/group_objectclass': 'posixGroup',
      'identity/domain_specific_drivers_enabled': 'true',
      'identity/domain_config_dir': '{dir}/domains',
      'security_compliance/minimum_password_age': '2',
      'security_compliance/password_expires_days': '2',
      'security_compliance/password_regex': '(?P<a>x',
      'security_compliance/password_regex_description': 'x',
    },
    symptoms: [
      ...['caching_disabled', 'database_connection_is_not_SQLite', ...NO_KEYS],
      ...['debug_mode_is_enabled', 'unreasonable_max_token_size'],
      ...['comma_in_SAML_public_certificate_path', 'comma_in_SAML_private_key_file_path'],
      ...['LDAP_user_enabled_emulation_dn_ignored', 'LDAP_user_enabled_emulation_use_group_config_ignored'],
      ...['LDAP_group_members_are_ids_disabled', 'LDAP_file_based_domain_specific_configs'],
      'LDAP_file_based_domain_specific_configs_formatted_correctly',
      ...['minimum_password_age_greater_than_expires_days', 'invalid_password_regular_expression'],
    ],
  },
  {
    name: 'the rest',
    options: {
      'cache/backend': undefined,
      'credential/key_repository': '{dir}/domains',
      'security_compliance/password_regex': '(?i)^(?P<a>\\w)(?P=a)(?#x)$',
    },
    symptoms: [
      ...['caching_enabled_without_a_backend', 'keys_in_credential_fernet_key_repository'],
      'password_regular_expression_description_not_set',
    ],
  },
  {
    name: 'nothing in a memcached that answers',
    options: { 'cache/backend': 'dogpile.cache.memcached', 'cache/memcache_servers': '{memcached}' },
    symptoms: [],
  },
  {
    name: 'one of two memcached that does not answer',
    options: {
      'cache/backend': 'oslo_cache.memcache_pool',
      'cache/memcache_servers': '{memcached}, unix:{dir}/none',
    },
    symptoms: ['connection_to_memcached'],
  },
  {
    name: 'tokens that are not Fernet',
    options: {
      'token/provider': 'jws',
      'fernet_tokens/key_repository': '{dir}/none',
      'DEFAULT/max_token_size': '256',
      'security_compliance/minimum_password_age': '2',
    },
    symptoms: [],
  },
];

describeKeystone('keystone-manage doctor', ({ keystone }) => {
  const words = async (): Promise<Readonly<Record<string, string>>> =>
    JSON.parse((await runCommand(PYTHON, ['-c', SYMPTOMS])).stdout) as Record<string, string>;

  test('looks for no symptom that is not known here', async () => {
    expect(Object.keys(await words()).toSorted()).toEqual(Object.keys(CODES).toSorted());
    const provoked = new Set(CASES.flatMap(({ symptoms }) => symptoms));
    expect(Object.keys(CODES).filter((symptom) => !provoked.has(symptom))).toEqual([]);
  });

  test.each(CASES)('finds $name, and so does this doctor', async ({ options, symptoms }) => {
    const dir = DisposableFolder.ofTest().path;
    for (const folder of ['domains', 'nothing']) await mkdir(join(dir, folder), { mode: 0o700 });
    await writeFile(join(dir, 'domains', 'keystone.bad'), '');
    await writeFile(join(dir, 'domains', 'keystone.bad.conf'), 'nothing at all\n', { mode: 0o600 });
    const conf = join(dir, 'keystone.conf');
    const usual = { 'identity/driver': 'ldap', 'ldap/url': 'ldap://127.0.0.1:9', 'DEFAULT/log_dir': dir };
    const text = await withService(dir, { ...usual, ...options });
    await using memcached = text.includes('{memcached}') ? await startMemcached() : undefined;
    await writeFile(conf, text.replaceAll('{memcached}', memcached?.address ?? ''), { mode: 0o600 });

    const argv = ['--config-file', conf, '--config-dir', join(dir, 'nothing'), 'doctor'];
    const { stdout } = await runCommand(keystone.installation.manage, argv);
    const said = [...stdout.matchAll(/^WARNING: (.*)$/gm)].map(([, text]) => text);
    const saidOf = await words();
    expect(said.toSorted()).toEqual(symptoms.map((symptom) => saidOf[symptom]).toSorted());

    const flags = ['--keystone-conf', conf, '--release', 'zed', '--severity', 'info', '--json'];
    const ours = await runCli(['doctor', ...flags]);
    const { findings } = JSON.parse(ours.stdout) as { findings: readonly Finding[] };
    const shared = new Set(Object.values(CODES));
    const found = new Set(findings.map(({ code }) => code).filter((code) => shared.has(code)));
    expect([...found].toSorted()).toEqual([...new Set(symptoms.map((symptom) => CODES[symptom]))].toSorted());
  });
});

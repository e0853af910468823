import { expect, test } from 'vitest';
import { projectLoginFault, serviceFault } from '../../../src/doctor/default-section.ts';
import { OSLO_CONFIG } from '../../../src/keystone-conf/conf-dialect.ts';
import { parseConf } from '../../../src/keystone-conf/document.ts';
import type { ReleaseName } from '../../../src/releases/catalogue.ts';

test.each<[ReleaseName, string, 'nothing' | 'logins to projects' | 'everything']>([
  ['zed', 'max_token_size = 255 bytes', 'logins to projects'],
  ['zed', 'max_token_size =', 'nothing'],
  ['zed', 'max_token_size = 0255', 'nothing'],
  ['zed', 'strict_password_check = maybe', 'logins to projects'],
  ['zed', 'strict_password_check = Yes', 'nothing'],
  ['zed', 'notification_format = json', 'logins to projects'],
  ['zed', 'insecure_debug = loud', 'everything'],
  ['zed', 'public_endpoint = 192.0.2.1:5000', 'everything'],
  ['zed', 'public_endpoint = https://keystone:5000/v3', 'nothing'],
  ['newton', 'public_endpoint = 192.0.2.1:5000', 'nothing'],
  ['ocata', 'public_endpoint = 192.0.2.1:5000', 'everything'],
  ['zed', 'max_db_limit = x', 'nothing'],
  ['2025.1', 'max_db_limit = x', 'logins to projects'],
  ['rocky', 'crypt_strength = x', 'logins to projects'],
  ['stein', 'crypt_strength = x', 'nothing'],
  ['zed', 'no_such_option = x', 'nothing'],
])('In %s, "%s" in [DEFAULT] ends %s', (release, line, expected) => {
  const doc = parseConf(Buffer.from(`[DEFAULT]\n${line}\n`), 'keystone.conf', OSLO_CONFIG);
  const [all, logins] = [serviceFault(doc, release), projectLoginFault(doc, release)];
  expect(all ? 'everything' : logins ? 'logins to projects' : 'nothing').toBe(expected);
  for (const fault of [all, logins])
    if (fault) expect(fault.setBy).toBe(`keystone.conf:2: [DEFAULT] ${line}`);
});

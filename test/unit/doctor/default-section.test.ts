import { expect, test } from 'vitest';
import { projectLoginFault, serviceFault } from '../../../src/doctor/default-section.ts';
import { OSLO_CONFIG } from '../../../src/keystone-conf/document/conf-dialect.ts';
import { parseConf } from '../../../src/keystone-conf/document/document.ts';
import type { ReleaseName } from '../../../src/releases/catalogue.ts';

test.each<[ReleaseName, string, 'nothing' | 'logins to projects' | 'everything' | 'the start']>([
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
  ['zed', 'debug = maybe', 'the start'],
  ['2012.1', 'debug = maybe', 'the start'],
  ['zed', 'default_log_levels = amqp=WARN, sqlalchemy=10,x=', 'the start'],
  ['zed', 'default_log_levels = amqp=WARN, sqlalchemy=10', 'nothing'],
  ['zed', 'verbose = maybe', 'nothing'],
  ['ocata', 'verbose = maybe', 'the start'],
  ['zed', 'log_rotation_type = SIZE', 'nothing'],
  ['zed', 'log_rotation_type = weekly', 'the start'],
  ['zed', 'use_eventlog = maybe', 'the start'],
  ['2025.1', 'use_eventlog = maybe', 'nothing'],
  ['zed', 'log_rotate_interval_type = weekly', 'logins to projects'],
  ['zed', 'max_logfile_count = many', 'logins to projects'],
  ['zed', 'public_port = 99999', 'logins to projects'],
  ['zed', 'bind_host = a b', 'logins to projects'],
  ['zed', 'public_bind_host = 192.0.2.256', 'logins to projects'],
  ['zed', 'public_bind_host = ::1', 'nothing'],
  ['zed', 'public_bind_host =', 'logins to projects'],
  ['ocata', 'bind_host = a b', 'nothing'],
  ['2024.1', 'public_port = 99999', 'nothing'],
  ['zed', '[eventlet_server]\nadmin_port = x', 'logins to projects'],
  ['zed', 'admin_port = x\n[eventlet_server]\nadmin_port = 1', 'nothing'],
  ['zed', 'max_token_size = x\npublic_endpoint = http://k:5000/', 'everything'],
  ['mitaka', 'max_token_size = x\npublic_endpoint =', 'logins to projects'],
  ['2024.1', 'max_token_size = x\npublic_endpoint = http://k:5000/', 'logins to projects'],
  ['2014.2', 'max_token_size = x\npublic_endpoint = http://k:5000/', 'logins to projects'],
])('In %s, "%s" in [DEFAULT] ends %s', (release, lines, expected) => {
  const doc = parseConf(Buffer.from(`[DEFAULT]\n${lines}\n`), 'keystone.conf', OSLO_CONFIG);
  const [all, logins] = [serviceFault(doc, release), projectLoginFault(doc, release)];
  const ofAll = all?.message.includes('does not start') === true ? 'the start' : 'everything';
  expect(all ? ofAll : logins ? 'logins to projects' : 'nothing').toBe(expected);
  const place = all?.subject ?? logins?.setBy ?? 'keystone.conf:2: [';
  expect(place).toMatch(/^keystone\.conf:[23]: \[/);
});

import { describe, expect, test } from 'vitest';
import { checkLdapOptions } from '../../../src/keystone-conf/modern/check-ldap-options.ts';
import { OSLO_CONFIG } from '../../../src/keystone-conf/document/conf-dialect.ts';
import { parseConf } from '../../../src/keystone-conf/document/document.ts';
import type { ReleaseName } from '../../../src/releases/catalogue.ts';

const check = (text: string, release: ReleaseName): readonly string[] =>
  checkLdapOptions(parseConf(Buffer.from(text), 'keystone.conf', OSLO_CONFIG), release).map(
    ({ line, code, option, message }) => {
      expect(message).toContain(option);
      return `${line} ${code} ${message}`;
    },
  );

test('a file without faults', () => {
  const text =
    '[ldap]\nurl = ldap://a\nuser_filter = (cn=$$)\nuser_id_attribute = uid\n[other]\nunknown = 1\n';
  expect(check(text, 'zed')).toEqual([]);
  expect(check('', 'zed')).toEqual([]);
});

describe('options that the release does not take as they are', () => {
  test.each<[ReleaseName, string, string]>([
    [
      'zed',
      'user_tre_dn = x',
      'UNKNOWN [ldap] user_tre_dn is no option of Keystone (did you mean "user_tree_dn"?).',
    ],
    ['zed', 'blah = x', 'UNKNOWN [ldap] blah is no option of Keystone.'],
    ['zed', 'tenant_tree_dn = x', 'NOT_READ [ldap] tenant_tree_dn is not read by zed: it went with mitaka.'],
    ['2013.1', 'use_tls = true', 'NOT_READ [ldap] use_tls is not read by 2013.1: it came with 2013.2.'],
    [
      '2014.2',
      'tenant_filter = x',
      'RENAMED [ldap] tenant_filter is called project_filter in 2014.2; the old name is still read.',
    ],
    ['zed', 'randomize_urls = true', 'BACKPORTED [ldap] randomize_urls is read only from 22.0.2 on.'],
    ['newton', 'use_dumb_member = true', 'DEPRECATED [ldap] use_dumb_member is deprecated in newton.'],
  ])('%s: %s', (release, line, finding) => {
    expect(check(`[ldap]\n${line}\n`, release)).toEqual([`2 ${finding}`]);
  });
});

describe('values', () => {
  test.each([
    ['query_scope = all', 'it is not one of one, sub'],
    ['page_size = -1', 'it is less than 0'],
    ['page_size = abc', 'it is not an integer'],
    ['use_pool = maybe', 'it is not true or false'],
    ['pool_retry_delay = soon', 'it is not a number'],
  ])('%s', (line, fault) => {
    const option = line.split(' ')[0] ?? '';
    expect(check(`[ldap]\n${line}\n`, 'zed')).toEqual([
      `2 INVALID [ldap] ${option} has a value that Keystone refuses: ${fault}.`,
    ]);
  });

  test('what refers to another option is not judged', () => {
    expect(check('[ldap]\npage_size = $list_limit\n', 'zed')).toEqual([]);
  });
});

describe('ignored', () => {
  test.each([
    ['user_enabled_emulation_dn = cn=a', '', 'is ignored while user_enabled_emulation is off'],
    ['user_enabled_emulation_dn = cn=a', 'user_enabled_emulation = true', undefined],
    ['user_enabled_emulation_use_group_config = true', '', 'is ignored while user_enabled_emulation is off'],
    ['pool_size = 5', '', undefined],
    ['pool_size = 5', 'use_pool = false', 'is ignored while use_pool is off'],
    // What is at its default says nothing else.
    ['use_auth_pool = true', 'use_pool = false', undefined],
    ['pool_size = 10', 'use_pool = false', undefined],
    ['use_auth_pool = false', 'use_pool = false', undefined],
    ['user_enabled_emulation_use_group_config = false', '', undefined],
    ['user_enabled_invert = false', 'user_enabled_mask = 2', undefined],
    ['auth_pool_size = 5', 'use_auth_pool = false', 'is ignored while use_auth_pool is off'],
    ['tls_cacertdir = /a', 'tls_cacertfile = /b', 'is ignored: tls_cacertfile is set and comes first'],
    ['tls_cacertdir = /a', 'tls_cacertfile =', undefined],
    [
      'user_enabled_invert = true',
      'user_enabled_mask = 2',
      'is ignored: user_enabled_mask is set and comes first',
    ],
  ])('%s beside "%s"', (line, beside, why) => {
    const findings = check(`[ldap]\n${line}\n${beside}\n`, 'zed');
    expect(findings).toEqual(why === undefined ? [] : [expect.stringContaining(why)]);
  });

  test('by a later line', () => {
    expect(check('[ldap]\nurl = ldap://a\n\n[ldap]\nurl = ldap://b\n', 'zed')).toEqual([
      '2 IGNORED [ldap] url is set again in line 5, which counts.',
    ]);
  });

  test('because SQL holds projects', () => {
    const text = '[identity]\ndriver = ldap\n[ldap]\nproject_filter = x\n[assignment]\ndriver = ';
    expect(check(`${text}sql\n`, '2015.1')).toEqual([
      '4 IGNORED [ldap] project_filter is ignored: LDAP does not hold projects, see [resource].',
    ]);
    expect(check(`${text}ldap\n`, '2015.1')).toEqual([]);
  });
});

test('posixGroup wants members that are ids', () => {
  expect(check('[ldap]\ngroup_objectclass = posixGroup\n', 'zed')).toEqual([
    '2 MISSING [ldap] group_objectclass is posixGroup, whose members are no DNs: set group_members_are_ids = true and group_member_attribute = memberUid.',
  ]);
  expect(check('[ldap]\ngroup_objectclass = posixGroup\ngroup_members_are_ids = true\n', 'zed')).toEqual([]);
});

import { expect, test } from 'vitest';
import { checkLdapOptions } from '../../../src/keystone-conf/modern/check-ldap-options.ts';
import { OSLO_CONFIG } from '../../../src/keystone-conf/document/conf-dialect.ts';
import { parseConf } from '../../../src/keystone-conf/document/document.ts';
import { effectiveNamed } from '../../../src/keystone-conf/modern/effective-option.ts';
import { mergeConfs } from '../../../src/keystone-conf/document/merge-confs.ts';
import { readModernConf } from '../../../src/keystone-conf/modern/read-modern-conf.ts';

const conf = (text: string, file = 'keystone.conf') => parseConf(Buffer.from(text), file, OSLO_CONFIG);
const ldap = (text: string) => readModernConf(conf(`[ldap]\n${text}`), 'zed');

test('of several files the later one counts, and faults are told where they are', () => {
  const doc = mergeConfs([
    conf('[ldap]\nurl = ldap://one\nsuffix = dc=a\n', 'a.conf'),
    conf('[identity]\ndriver = ldap\n[ldap]\nurl = ldap://two\nusr = x\n', 'b.conf'),
    conf('[ldap]\npage_size = many\n', 'c.conf'),
  ]);
  expect(readModernConf(doc, 'zed').problems).toEqual([
    { message: '[ldap] page_size: it is not an integer.', file: 'c.conf', line: 2 },
  ]);
  expect(checkLdapOptions(doc, 'zed')).toMatchObject([
    { code: 'UNKNOWN', file: 'b.conf', line: 5 },
    { code: 'INVALID', file: 'c.conf', line: 2 },
  ]);
  const mended = mergeConfs([doc, conf('[ldap]\npage_size = 7\n', 'd.conf')]);
  expect(readModernConf(mended, 'zed').conf).toMatchObject({
    urls: ['ldap://two'],
    trees: { user: 'ou=Users,dc=a' },
    options: { page_size: 7 },
    serves: 'identity',
  });
});

/** As the acceptance tests see it of the real oslo.config. */
test.each([
  [['project_name_attribute = new\ntenant_name_attribute = old'], 'new'],
  [['tenant_name_attribute = old\nproject_name_attribute = new'], 'new'],
  [['project_name_attribute = new', 'tenant_name_attribute = old'], 'old'],
  [['tenant_name_attribute = old', 'project_name_attribute = new'], 'new'],
  [['tenant_name_attribute = old', '[DEFAULT]\n'], 'old'],
])(
  'of an option under its old and its new name the last file counts, and in it the new name: %j',
  (files, value) => {
    const [first, ...others] = files.map((text) => conf(text.startsWith('[') ? text : `[ldap]\n${text}\n`));
    if (first === undefined) throw new Error('there is no file');
    const doc = mergeConfs([first, ...others]);
    expect(effectiveNamed(doc, '2014.2', 'project_name_attribute').value).toBe(value);
  },
);

test.each([
  ['suffix = dc=x\nuser_tree_dn = ou=p,$suffix', 'ou=p,dc=x'],
  ['suffix = dc=x\nuser_tree_dn = ou=p,${suffix}', 'ou=p,dc=x'],
  ['suffix = dc=$$x\nuser_tree_dn = ou=p,${ldap.suffix}', 'ou=p,dc=$x'],
  ['user_tree_dn = ou=$host,$base\n[DEFAULT]\nhost = h\nbase = dc=$host', 'ou=h,dc=h'],
  ['user_tree_dn = ou=${identity.default_domain_id}', 'ou=default'],
  ['user_tree_dn = ou=a\\$b$$c', 'ou=a$b$c'],
  ['user_tree_dn = ou=a$', 'ou=a$'],
])('%j refers to other options', (text, tree) => {
  expect(ldap(text).conf?.trees.user).toBe(tree);
});

test.each([
  ['user_tree_dn = $nothing', 'nothing'],
  ['user_tree_dn = $user_tree_dn', 'user_tree_dn'],
  ['suffix = $user_tree_dn\nuser_tree_dn = $suffix', 'user_tree_dn'],
])('%j refers to what has no value', (text, name) => {
  const [problem] = ldap(text).problems ?? [];
  expect(problem?.message).toContain(`it refers to ${name}, whose value is not known`);
});

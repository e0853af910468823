import { expect, test } from 'vitest';
import { OSLO_CONFIG } from '../../../src/keystone-conf/document/conf-dialect.ts';
import { parseConf } from '../../../src/keystone-conf/document/document.ts';
import { guessModernRelease } from '../../../src/keystone-conf/modern/guess-modern-release.ts';

test.each([
  ['', '2026.2'],
  ['[identity]\ndriver = ldap\n[ldap]\nrandomize_urls = true\n', '2026.2'],
  ['[identity]\ndriver = keystone.identity.backends.ldap.Identity\n', 'ocata'],
  ['[ldap]\nuse_dumb_member = true\nuser_allow_create = false\n', 'newton'],
  ['[ldap]\nuse_dumb_member = true\nproject_tree_dn = ou=p\n', 'liberty'],
  ['[ldap]\ndomain_tree_dn = ou=p\n', '2013.1.2'],
])('%j is of %s', (text, release) => {
  expect(guessModernRelease(parseConf(Buffer.from(text), 'keystone.conf', OSLO_CONFIG))).toBe(release);
});

import { expect, test } from 'vitest';
import { readBackends } from '../../../src/doctor/backend.ts';
import { sharedConnections } from '../../../src/doctor/checks/shared-connections.ts';
import { OSLO_CONFIG } from '../../../src/keystone-conf/document/conf-dialect.ts';
import { parseConf, type ConfDocument } from '../../../src/keystone-conf/document/document.ts';
import { findRelease } from '../../../src/releases/find-release.ts';

/** What is found of the domains A and B with these lines in `[ldap]`. */
function codesFor(...ldap: readonly string[]): readonly string[] {
  const doc = (text: string, file: string): ConfDocument => parseConf(Buffer.from(text), file, OSLO_CONFIG);
  const files = ldap.map((lines, at) => {
    const domain = 'AB'.charAt(at);
    const path = `keystone.${domain}.conf`;
    return { domain, path, doc: doc(`[identity]\ndriver = ldap\n[ldap]\nsuffix = dc=x\n${lines}`, path) };
  });
  const main = doc('[identity]\ndomain_specific_drivers_enabled = true\n', 'keystone.conf');
  const domains = { dir: 'domains', exists: true, files, others: [] };
  const all = { release: findRelease('zed'), main, mainPaths: ['keystone.conf'], domains };
  const backends = readBackends(all, { files: ['keystone.conf'] }).flatMap(({ backend }) => backend ?? []);
  expect(backends).toHaveLength(ldap.length);
  return [...sharedConnections(backends)].map(({ code }) => code);
}

test.each([
  ['another CA', 'url = ldaps://a\ntls_cacertfile = /a.pem\n', 'url = ldaps://b\ntls_cacertfile = /b.pem\n'],
  ['another check', 'url = ldaps://a\n', 'url = ldaps://b\ntls_req_cert = never\n'],
  ['a list that begins without TLS', 'url = ldaps://a\n', 'url = ldap://b,ldaps://b\n'],
])("Domains of one process get in each other's way with %s", (_, a, b) => {
  expect(codesFor(a, b)).toEqual(['DOMAINS_SHARE_TLS']);
});

test('Domains of one process have one pool for one url, whatever their use_tls', () => {
  expect(codesFor('url = ldap://a\nuse_tls = true\n', 'url = ldap://a\n')).toEqual(['DOMAINS_SHARE_POOL']);
});

test("Domains of one process do not get in each other's way with the same settings, or where one has no TLS", () => {
  const tls = 'url = ldaps://a\ntls_cacertfile = /a.pem\n';
  expect(codesFor(tls, tls.replace('//a', '//b'))).toEqual([]);
  expect(codesFor(tls, 'url = ldap://b\ntls_cacertfile = /b.pem\n')).toEqual([]);
});

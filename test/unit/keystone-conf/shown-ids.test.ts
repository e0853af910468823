import { expect, test } from 'vitest';
import { OSLO_CONFIG } from '../../../src/keystone-conf/document/conf-dialect.ts';
import { parseConf } from '../../../src/keystone-conf/document/document.ts';
import { shownIds, type DomainOfIds } from '../../../src/keystone-conf/modern/shown-ids.ts';
import type { ReleaseName } from '../../../src/releases/catalogue.ts';

const idsOf = (release: ReleaseName, text: string, whose: DomainOfIds) =>
  shownIds(parseConf(Buffer.from(text), 'keystone.conf', OSLO_CONFIG), release, whose);

const HASHED = '[identity_mapping]\nbackward_compatible_ids = false\n';
const CORP = { domain: 'CORP', domainId: '4711' };
const local = { kind: 'local' };
const publicIn = (domainId: string) => ({ kind: 'public', domainId });

test.each([
  ['zed', '', {}, local],
  ['zed', HASHED, {}, publicIn('default')],
  ['zed', `${HASHED}[identity]\ndefault_domain_id = d1\n`, {}, publicIn('d1')],
  ['zed', '', CORP, publicIn('4711')],
  ['zed', '', { domain: 'Default', domainId: 'default' }, publicIn('default')],
  // The file of a domain may be named as if it were the main one; the id tells that it is not the default domain's.
  ['zed', '', { domainId: '4711' }, publicIn('4711')],
  ['zed', '', { domainId: 'default' }, local],
  ['2014.2', '', CORP, publicIn('4711')],
  [
    '2014.2',
    '[identity_mapping]\ngenerator = keystone.identity.id_generators.sha256.Generator\n',
    CORP,
    publicIn('4711'),
  ],
  ['2014.1', HASHED, CORP, local],
] as const)('%s with %j shows, for %j, ids that are %j', (release, text, whose, expected) => {
  expect(idsOf(release, text, whose)).toEqual(expected);
});

test.each([
  ['', { domain: 'CORP' }, /--domain-id \("openstack domain show CORP" tells it\)$/],
  ['[identity_mapping]\ngenerator = uuid\n', CORP, /generator is uuid/],
])('zed with %j does not tell, for %j', (text, whose, why) => {
  expect(idsOf('zed', text, whose)).toEqual({
    kind: 'unknown',
    why: expect.stringMatching(why) as string,
  });
});

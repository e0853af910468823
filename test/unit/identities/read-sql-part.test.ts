import { expect, test } from 'vitest';
import { KeystoneLdapError } from '../../../src/errors.ts';
import { parseIdentities } from '../../../src/identities/read/parse-identities.ts';
import type { SqlPart } from '../../../src/identities/sql/sql-part.ts';

const HEAD = 'users: [{ name: joe }]\ntenants: [x]\nroles: [r]\nsql:\n';

const parse = (...texts: readonly string[]): SqlPart | undefined =>
  parseIdentities(texts.map((text, at) => ({ file: `${at}`, text }))).identities.sql;

function problemsOf(...lines: readonly string[]): string[] {
  try {
    parse(HEAD + lines.map((line) => `  ${line}\n`).join(''));
  } catch (error) {
    if (!(error instanceof KeystoneLdapError)) throw error;
    return error.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
  }
  return [];
}

test('what releases since Essex have, from several files', () => {
  const sql = parse(
    `${HEAD}  ec2_credentials: [{ user: joe, tenant: x }]\n  services: [{ name: s }]\n`,
    'sql:\n  bootstrap: [{ user: joe, tenant: x, role: r, region: R, public_url: http://p }]\n' +
      '  service_endpoints: [{ service: s, region: R, public_url: p, admin_url: a, internal_url: i }]\n',
  );
  expect(sql).toMatchObject({
    bootstrap: [{ user: 'joe', tenant: 'x', role: 'r', region: 'R', publicUrl: 'http://p' }],
    serviceEndpoints: [{ service: 's', region: 'R', publicUrl: 'p', adminUrl: 'a', internalUrl: 'i' }],
    ec2Credentials: [{ user: 'joe', tenant: 'x' }],
    order: ['ec2Credentials', 'services', 'bootstrap', 'serviceEndpoints'],
  });
});

test.each([
  [
    'a key that is almost one',
    ['service_endpoint: []'],
    ['5:3 unknown key "service_endpoint"; did you mean "service_endpoints"?'],
  ],
  ['a missing part', ['ec2_credentials: [{ user: joe }]'], ['5:21 an EC2 credential needs "tenant"']],
  [
    'names of things that are not there',
    [
      'services: [{ name: nova }]',
      'bootstrap: [{ user: jo, tenant: y, role: r }]',
      'service_endpoints: [{ service: novae, region: R, public_url: p, admin_url: a, internal_url: i }]',
      'ec2_credentials: [{ user: joe, tenant: z }]',
    ],
    [
      '6:23 user "jo" is not declared; did you mean "joe"?',
      '6:35 tenant "y" is not declared',
      '7:34 service "novae" is not declared; did you mean "nova"?',
      '8:42 tenant "z" is not declared',
    ],
  ],
  [
    'one thing twice',
    [
      'services: [{ name: s }]',
      'service_endpoints:',
      '  - &one { service: s, region: R, public_url: p, admin_url: a, internal_url: i }',
      '  - { <<: *one, public_url: q }',
      '  - { <<: *one, region: Q }',
      'ec2_credentials: [{ user: joe, tenant: x }, { user: joe, tenant: x }]',
    ],
    [
      '8:7 the endpoint of service "s" in region "R" is declared twice, first at 0:7:12',
      '10:47 the EC2 credential of user "joe" in tenant "x" is declared twice, first at 0:10:21',
    ],
  ],
])('%s', (_, lines, problems) => {
  expect(problemsOf(...lines)).toEqual(problems);
});

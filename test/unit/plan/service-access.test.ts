import { describe, expect, test } from 'vitest';
import { attributeKinds } from '../../../src/plan/access/attribute-kinds.ts';
import {
  accessRules,
  isAnothersLimit,
  isOwnLimit,
  isOwnRule,
  limitsFor,
  passesOn,
  type ConflictChoice,
  type ServiceAccess,
} from '../../../src/plan/access/service-access.ts';
import { findRelease } from '../../../src/releases/find-release.ts';
import { elementsOf } from '../../../src/schema/definition.ts';
import { parseSubschema } from '../../../src/schema/parse-subschema.ts';

const ACCOUNT = 'cn=keystone,dc=example,dc=com';
const TREES = {
  user: 'ou=Users,dc=example,dc=com',
  tenant: 'ou=Groups,dc=example,dc=com',
  role: 'OU=groups, dc=example,dc=com',
};

/** The rules in a database that holds everything, of a server with just these attributes. */
function rulesOf(target: ServiceAccess, local: readonly string[] = [], choice?: ConflictChoice) {
  const others = { local, frontend: [], hasOurLogins: false };
  const kinds = attributeKinds(SCHEMA);
  return accessRules(target, { others, holds: () => true, kinds }, choice);
}

const SCHEMA = elementsOf(
  parseSubschema({
    attributeTypes: [
      "( 2.5.4.35 NAME 'userPassword' SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 )",
      "( 1.3.6.1.4.1.7165.2.1.25 NAME 'sambaNTPassword' SYNTAX 1.3.6.1.4.1.1466.115.121.1.26 )",
    ],
    objectClasses: [],
  }),
);

describe('accessRules', () => {
  test('are those of 2011.3, which compares the passwords itself', () => {
    const { rules } = rulesOf({ dn: ACCOUNT, release: findRelease('2011.3'), trees: TREES });
    const who = 'by dn.exact="cn=keystone,dc=example,dc=com"';
    const attributes =
      'entry,children,objectClass,uid,keystoneEnabled,cn,description,member,mail,serviceId,keystoneRole';
    expect(rules.map(({ text }) => text)).toEqual([
      `to dn.exact="${ACCOUNT}" ${who} none by * break`,
      `to dn.subtree="${TREES.user}" attrs=sambaNTPassword ${who} none by * break`,
      `to dn.exact="${ACCOUNT}" attrs=userPassword by anonymous auth ${who} none by * break`,
      `to dn.subtree="${TREES.user}" attrs=userPassword ${who} read by * break`,
      `to dn.subtree="${TREES.user}" attrs=${attributes} ${who} read by * break`,
      `to dn.subtree="OU=groups,dc=example,dc=com" attrs=${attributes} ${who} read by * break`,
    ]);
  });

  test('are about no tree twice, if one lies in the other', () => {
    const trees = { user: 'ou=Users,ou=All,dc=x', tenant: 'ou=All,dc=x', role: 'ou=all,dc=X' };
    const { rules } = rulesOf({ dn: ACCOUNT, release: findRelease('blog'), trees }, [], 'keep');
    expect(rules.map(({ text }) => /^to (\S+)/.exec(text)?.[1])).toEqual([
      ...[`dn.exact="${ACCOUNT}"`, `dn.subtree="${trees.user}"`],
      ...[`dn.exact="${ACCOUNT}"`, `dn.subtree="${trees.role}"`],
    ]);
  });

  test.each(['2011.3', 'blog'])('are known again, those of %s in any spelling of the DN', (release) => {
    const target = { dn: 'CN=Keystone, dc=example,dc=com', release: findRelease(release), trees: TREES };
    const { rules } = rulesOf(target, ['to * by dn.exact="cn=boss,dc=x" ssf=71 read by * none'], 'override');
    expect(rules.every(({ text }) => isOwnRule(text, ACCOUNT))).toBe(true);
    expect(rules.some(({ text }) => isOwnRule(text, 'cn=another,dc=example,dc=com'))).toBe(false);
    expect(rules.every(({ text }) => passesOn(text, 'cn=another,dc=example,dc=com'))).toBe(true);
  });
});

describe('isOwnRule', () => {
  test.each([
    'to * by dn.exact="cn=keystone,dc=example,dc=com" read by * break',
    'to dn.subtree="dc=x" by dn.exact="cn=keystone,dc=example,dc=com" write by * break',
    'to dn.subtree="dc=x" by dn.exact="cn=keystone,dc=example,dc=com" read',
    'to dn.subtree="dc=x" by dn.exact="cn=keystone,dc=example,dc=com" read by * read',
    'to dn.subtree="dc=x" by dn.exact="cn=keystone,dc=example,dc=com" read by users read by * break',
    'to dn.subtree="dc=x" by dn.exact="cn=keystone,dc=example,dc=com" read break by * break',
    'to dn.subtree="dc=x" by users read by * break',
    'to dn.subtree="dc=x"',
    '',
  ])('leaves %j to whoever wrote it', (text) => {
    expect(isOwnRule(text, ACCOUNT)).toBe(false);
  });
});

describe('passesOn', () => {
  test.each([
    'to * by dn.exact="cn=boss,dc=example,dc=com" manage by * break',
    'to *  BY dn.base="cn=by whom,dc=example,dc=com" manage\n by users read break by * break',
    'to attrs=userPassword by anonymous auth by * break',
    'to * by * break',
  ])('is true of %j', (text) => {
    expect(passesOn(text, ACCOUNT)).toBe(true);
  });

  test.each([
    'to * by * read',
    'to * by dn.exact="cn=boss,dc=example,dc=com" manage',
    'to * by users read by * break',
    'to * by self write by * break',
    'to * by dn.exact="CN=keystone,dc=example,dc=com" search by * break',
    'to * by dn.subtree="dc=example,dc=com" none by * break',
    'to * by group.exact="cn=all,dc=example,dc=com" none by * break',
    'to * by anonymous none by * break',
    'to * by dn="cn=boss,dc=example,dc=com" none by * break',
    'to *',
    '',
  ])('is false of %j', (text) => {
    expect(passesOn(text, ACCOUNT)).toBe(false);
  });
});

test('limits are known again, and told from those of others', () => {
  const own = limitsFor(ACCOUNT);
  expect(own).toBe('dn.exact="cn=keystone,dc=example,dc=com" size=unlimited');
  expect(isOwnLimit(own, 'cn=KEYSTONE,dc=example,dc=com')).toBe(true);
  expect(isOwnLimit(`${own} time=60`, ACCOUNT)).toBe(false);
  expect(isAnothersLimit(own, ACCOUNT)).toBe(false);
  expect(isAnothersLimit('dn.exact="cn=boss,dc=example,dc=com" size=1', ACCOUNT)).toBe(true);
  expect(isAnothersLimit('users size=1', ACCOUNT)).toBe(false);
});

import { dnKey, equalDn, isWithin } from '../directory/dn.ts';
import { emulationGroupDn } from '../identities/emulation-group.ts';
import { kindsIn, layoutOf, treeOf } from '../releases/layout-of.ts';
import {
  ENABLED_KINDS,
  type EntryLayout,
  type Layout,
  type Release,
  type Trees,
} from '../releases/release.ts';
import { dnPattern, equalRules, exactDnOf, parseAccessRule, wordsOf } from './access-rule.ts';

/** What an account is to read: the entries that a release's driver finds below its trees. */
export interface ServiceAccess {
  readonly dn: string;
  readonly release: Release;
  readonly trees: Trees;
}

/** A rule and the entry at the top of what it is about, which tells its database. */
export interface PlacedRule {
  readonly base: string;
  readonly text: string;
}

/**
 * The rules for the account, most special first. Each ends in `by * break`, so that for everybody else nothing changes.
 * The account may be bound to and may not change itself; it reads the attributes that the driver asks for, and the
 * password of users only where Keystone compares it. Where Keystone binds as the user, anybody may try to.
 */
export function accessRules({ dn, release, trees }: ServiceAccess): readonly PlacedRule[] {
  const { layout } = release;
  const { password, passwordAttribute } = layout.user;
  const account = dnPattern('dn.exact', dn);
  const rule = (base: string, what: string, who: string): PlacedRule => ({
    base,
    text: `to ${what} ${who} by * break`,
  });
  const users = dnPattern('dn.subtree', trees.user);
  const [none, read] = [`by ${account} none`, `by ${account} read`];
  const attributes = `attrs=entry,children,${attributesOf(release).join(',')}`;
  return [
    rule(dn, `${account} attrs=userPassword`, `by anonymous auth ${none}`),
    rule(dn, account, none),
    password === 'sha512-crypt'
      ? rule(trees.user, `${users} attrs=${passwordAttribute}`, read)
      : rule(trees.user, `${users} attrs=${passwordAttribute}`, `by anonymous auth ${none}`),
    ...basesOf(layout, trees).map((base) =>
      rule(base, `${dnPattern('dn.subtree', base)} ${attributes}`, read),
    ),
  ];
}

/** Whether a rule is one of {@link accessRules} of this account, for whatever trees. */
export function isOwnRule(text: string, account: string): boolean {
  const { to, by } = parseAccessRule(text);
  const opensToBinds = equalRules(by[0] ?? [], ['anonymous', 'auth']);
  const [grant = [], last = [], ...more] = opensToBinds ? by.slice(1) : by;
  return (
    /^dn\.(?:exact|subtree)=/i.test(to[0] ?? '') &&
    isOwnGrant(grant, account) &&
    equalRules(last, ['*', 'break']) &&
    more.length === 0
  );
}

function isOwnGrant([who = '', ...access]: readonly string[], account: string): boolean {
  const named = exactDnOf(who);
  return named !== undefined && equalDn(named, account) && /^(?:read|none)$/.test(access.join(' '));
}

/**
 * Whether a rule leaves the account to the rules behind it: it ends in `by * break`, and what it grants before goes on
 * too, is for another DN, or is the right to bind. What is not understood counts as having the last word.
 */
export function passesOn(text: string, account: string): boolean {
  const { by } = parseAccessRule(text);
  return equalRules(by.at(-1) ?? [], ['*', 'break']) && by.every((grant) => leavesOut(grant, account));
}

function leavesOut(grant: readonly string[], account: string): boolean {
  return (
    grant.at(-1) === 'break' || equalRules(grant, ['anonymous', 'auth']) || isAnother(grant[0] ?? '', account)
  );
}

export function limitsFor(account: string): string {
  return `${dnPattern('dn.exact', account)} size=unlimited`;
}

export function isOwnLimit(text: string, account: string): boolean {
  return equalRules(wordsOf(text), wordsOf(limitsFor(account)));
}

/** Whether limits are for another DN; slapd takes the first ones that fit. */
export function isAnothersLimit(text: string, account: string): boolean {
  return isAnother(wordsOf(text)[0] ?? '', account);
}

function isAnother(who: string, account: string): boolean {
  const dn = exactDnOf(who);
  return dn !== undefined && !equalDn(dn, account);
}

/** The trees, none below another, and the groups outside of them that say who is enabled. */
function basesOf(layout: Layout, trees: Trees): readonly string[] {
  const groups = ENABLED_KINDS.filter(
    (kind) => trees[kind] !== undefined && layoutOf(layout, kind).enabled.kind === 'group',
  ).map((kind) => emulationGroupDn(kind, { layout, trees }));
  const all = [...kindsIn(trees).map((kind) => treeOf(trees, kind)), ...groups];
  const distinct = [...new Map(all.map((dn) => [dnKey(dn), dn])).values()];
  return distinct.filter((dn) => !distinct.some((other) => other !== dn && isWithin(dn, other)));
}

/** What the driver asks for or searches by, but for the password. */
function attributesOf({ layout, schema }: Release): readonly string[] {
  const { user, tenant, role, group, domain, grant } = layout;
  const layouts = [user, tenant, role, group, domain].filter((one) => one !== undefined);
  const names = [
    'objectClass',
    ...layouts.flatMap(ownAttributes),
    user.email,
    schema.kind === 'revision' ? 'serviceId' : undefined,
    ...(grant === undefined ? [] : [grant.rdn, grant.members, grant.roleAttribute]),
  ];
  const distinct = new Map(names.map((name) => [name?.toLowerCase(), name]));
  distinct.delete(user.passwordAttribute.toLowerCase());
  return [...distinct.values()].filter((name) => name !== undefined);
}

function ownAttributes(layout: EntryLayout): readonly (string | undefined)[] {
  const { rdn, nameAttribute, required, description, domain, members, enabled, filter = '' } = layout;
  const filtered = [...filter.matchAll(/\(([A-Za-z0-9.-]+)(?=[~<>:]?=|:)/g)].map(([, name]) => name);
  const enabledBy = {
    attribute: 'attribute' in enabled ? enabled.attribute : undefined,
    group: 'members' in enabled ? enabled.members : undefined,
    always: undefined,
  };
  return [
    rdn,
    nameAttribute,
    ...required,
    description,
    domain,
    members,
    enabledBy[enabled.kind],
    ...filtered,
  ];
}

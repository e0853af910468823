import { childDn, dnKey, equalDn, isWithin } from '../../directory/dn.ts';
import { emulationGroupDn } from '../../identities/entries/emulation-group.ts';
import { kindsIn, layoutOf, treeOf } from '../../releases/layout-of.ts';
import { readsPassword } from '../../releases/reads-password.ts';
import {
  ENABLED_KINDS,
  type EntryLayout,
  type Layout,
  type Release,
  type Trees,
} from '../../releases/release.ts';
import {
  dnPattern,
  equalRules,
  exactDnOf,
  parseAccessClause,
  parseAccessRule,
  wordsOf,
} from './access-rule.ts';
import type { AttributeKinds } from './attribute-kinds.ts';
import { standingAccess, type AccessQuestion, type StandingAccess } from './standing-access.ts';

/** What an account is to read: the entries that a release's driver finds below its trees. */
export interface ServiceAccess {
  readonly dn: string;
  readonly release: Release;
  readonly trees: Trees;
}

/** A rule of ours, and how many rules of others come before it. */
export interface PlacedRule {
  readonly text: string;
  readonly place: number;
}

/** A right that the account needs, or that users need to log in. */
interface AccessNeed extends Omit<AccessQuestion, 'attribute'> {
  readonly attributes: readonly string[];
  readonly purpose: 'read' | 'bind' | 'log in';
}

/** The rules of others that hold for a database: its own, then those of the frontend. */
export interface OtherRules {
  readonly local: readonly string[];
  readonly frontend: readonly string[];
  /** Whether an earlier run has put a rule there that lets users log in. */
  readonly hasOurLogins: boolean;
}

/** What to do if a rule of others refuses what is needed: leave it in force, or go before it. */
export type ConflictChoice = 'keep' | 'override';

export interface DatabaseAccess {
  readonly rules: readonly PlacedRule[];
  /** What cannot be added without going before a rule that refuses it; nothing once there is a choice. */
  readonly conflicts: readonly string[];
  /** What rules of others keep from the account. */
  readonly remarks: readonly string[];
}

/** The account and the tops of all trees that it reads, each of which has to be in a database. */
export function accessBases({ dn, release, trees }: ServiceAccess): readonly string[] {
  return [dn, trees.user, ...basesOf(release.layout, trees)];
}

/**
 * The rules for the account in one database. Each is about the account alone, and ends in `by * break`, so that nothing
 * changes for anybody else. A right is added only if no rule of others gives it, and after those that refuse it for a
 * part of the tree: before the first rule that refuses all of it. What such a rule demands of a connection, ours does too.
 */
export function accessRules(
  target: ServiceAccess,
  { others, holds, kinds }: DatabaseScope,
  choice?: ConflictChoice,
): DatabaseAccess {
  const rules: PlacedRule[] = restrictions(target, holds, kinds).map((text) => ({
    text,
    place: placeBefore(others.local, (text_) => !passesOn(text_, target.dn)),
  }));
  const conflicts = new Set<string>();
  const remarks = new Set<string>();
  for (const need of needsOf(target).filter(({ base }) => holds(base))) {
    const found = new Map<
      string,
      { readonly conditions: readonly string[]; place: number; names: string[] }
    >();
    for (const attribute of need.attributes) {
      const decision = decide({ ...need, attribute }, { others, kinds, account: target.dn, choice });
      if (decision.conflict !== undefined) conflicts.add(decision.conflict);
      for (const remark of decision.remarks) remarks.add(remark);
      if (decision.added === undefined) continue;
      const { place, conditions } = decision.added;
      const key = `${place} ${conditions.join(' ')}`;
      const group = found.get(key) ?? { conditions, place, names: [] };
      group.names.push(attribute);
      found.set(key, group);
    }
    for (const { conditions, place, names } of found.values())
      rules.push({ place, text: ruleText(need, names, conditions, target.dn) });
  }
  return {
    rules: rules.toSorted((a, b) => a.place - b.place),
    conflicts: [...conflicts],
    remarks: [...remarks],
  };
}

export interface DatabaseScope {
  readonly others: OtherRules;
  /** Whether the database holds entries of a tree. */
  readonly holds: (base: string) => boolean;
  readonly kinds: AttributeKinds;
}

/** What the account shall never see, whoever may: its own entry, and what users log in with elsewhere. */
function restrictions(
  target: ServiceAccess,
  holds: (base: string) => boolean,
  kinds: AttributeKinds,
): readonly string[] {
  const { dn, release, trees } = target;
  const account = dnPattern('dn.exact', dn);
  const read = new Set(
    needsOf(target).flatMap(({ attributes, right }) => (right === 'read' ? attributes : [])),
  );
  const secrets = [
    ...new Set([release.layout.user.passwordAttribute, ...SECRETS.filter((name) => kinds.isKnown(name))]),
  ].filter((name) => !read.has(name));
  return [
    ...(holds(dn) ? [`to ${account} by ${account} none by * break`] : []),
    ...(holds(trees.user)
      ? [`to ${dnPattern('dn.subtree', trees.user)} attrs=${secrets.join(',')} by ${account} none by * break`]
      : []),
  ];
}

const SECRETS = [
  'userPassword',
  'pwdHistory',
  'sambaNTPassword',
  'sambaLMPassword',
  'sambaPasswordHistory',
  'sambaClearTextPassword',
  'krbPrincipalKey',
  'krbPwdHistory',
  'krbMKey',
  'ipaNTHash',
  'oathSecret',
  'userPKCS12',
] as const;

function needsOf({ dn, release, trees }: ServiceAccess): readonly AccessNeed[] {
  const { layout } = release;
  const { password, passwordAttribute } = layout.user;
  const below = (base: string): Pick<AccessNeed, 'base' | 'scope' | 'examples'> => ({
    base,
    scope: 'subtree',
    examples: [...new Set([layout.user.rdn, 'uid', 'cn'])].map((type) => childDn(type, 'a', base)),
  });
  const readsPasswords = readsPassword(password);
  const attributes = ['entry', 'children', ...attributesOf(release)];
  return [
    {
      ...{ base: dn, scope: 'exact', examples: [], attributes: ['userPassword'] },
      ...{ subject: 'anonymous', right: 'auth', purpose: 'bind' },
    },
    {
      ...{ ...below(trees.user), attributes: [passwordAttribute] },
      ...(readsPasswords
        ? ({ subject: dn, right: 'read', purpose: 'read' } as const)
        : ({ subject: 'anonymous', right: 'auth', purpose: 'log in' } as const)),
    },
    ...basesOf(layout, trees).map(
      (base) => ({ ...below(base), attributes, subject: dn, right: 'read', purpose: 'read' }) as const,
    ),
  ];
}

function ruleText(
  { base, scope, purpose }: AccessNeed,
  attributes: readonly string[],
  conditions: readonly string[],
  dn: string,
): string {
  const account = dnPattern('dn.exact', dn);
  const what = `to ${dnPattern(`dn.${scope}`, base)} attrs=${attributes.join(',')}`;
  const demand = conditions.map((condition) => ` ${quoted(condition)}`).join('');
  return purpose === 'read'
    ? `${what} by ${account}${demand} read by * break`
    : `${what} by anonymous${demand} auth by ${account} none by * break`;
}

/** `peername.path="/run/a b"`: quotes are no part of the words that were read. */
function quoted(condition: string): string {
  return /\s/.test(condition) ? condition.replace(/=(.*)$/s, '="$1"') : condition;
}

interface Decision {
  readonly added?: { readonly place: number; readonly conditions: readonly string[] };
  readonly conflict?: string;
  readonly remarks: readonly string[];
}

interface DecisionContext {
  readonly others: OtherRules;
  readonly kinds: AttributeKinds;
  readonly account: string;
  readonly choice: ConflictChoice | undefined;
}

type PurposefulQuestion = AccessQuestion & Pick<AccessNeed, 'purpose'>;

/** Whether a right is to be added, where, and what speaks against it. */
function decide(question: PurposefulQuestion, context: DecisionContext): Decision {
  const { others, kinds, account } = context;
  const { base, purpose } = question;
  const standing = standingAccess([...others.local, ...others.frontend], question, kinds);
  const who = purpose === 'log in' ? 'users' : account;
  const exceptions = standing.exceptions.map(
    (index) =>
      `This rule stays in force, so that ${who} may not ${purpose} all of ${base}: ${ruleAt(others, index)}`,
  );
  const isOurs = purpose === 'log in' && others.hasOurLogins;
  if (standing.kind === 'conditional') {
    const demand = `${who} may ${purpose} ${base} only on connections that this rule accepts: ${ruleAt(others, standing.place)}`;
    return { remarks: purpose !== 'log in' || isOurs ? [...exceptions, demand] : [] };
  }
  if (purpose === 'log in' && (standing.kind === 'granted' || standing.grantsPart))
    return { remarks: isOurs ? exceptions : [] };
  if (standing.kind === 'granted') return { remarks: exceptions, ...readingOnly(question, standing, others) };
  return isRefused(standing, question, others)
    ? decideConflict(question, standing, context, { who, exceptions })
    : { remarks: exceptions, added: { place: placeOf(standing, others), conditions: standing.conditions } };
}

/** The text of a rule; slapd refuses what no rule is about. */
function ruleAt({ local, frontend }: OtherRules, index: number): string {
  return [...local, ...frontend][index] ?? 'to * by * none';
}

function placeOf({ place }: StandingAccess, { local }: OtherRules): number {
  return Math.min(place, local.length);
}

/** The first rule of the frontend, before which a database can put nothing, that refuses a part. */
function frontendException({ exceptions }: StandingAccess, { local }: OtherRules): number | undefined {
  return exceptions.find((index) => index >= local.length);
}

/** Who may also write is left with reading. */
function readingOnly(
  { purpose }: PurposefulQuestion,
  standing: StandingAccess,
  others: OtherRules,
): Pick<Decision, 'added'> {
  const isAdded =
    purpose === 'read' && standing.canWrite && frontendException(standing, others) === undefined;
  return isAdded ? { added: { place: placeOf(standing, others), conditions: [] } } : {};
}

function isRefused(standing: StandingAccess, { purpose }: PurposefulQuestion, others: OtherRules): boolean {
  if (standing.kind === 'refused' || frontendException(standing, others) !== undefined) return true;
  const demands = standing.conditions.filter((condition) => !/ssf=/i.test(condition));
  return demands.length > 1 || (purpose === 'log in' && !others.hasOurLogins);
}

function decideConflict(
  { base, purpose }: PurposefulQuestion,
  standing: StandingAccess,
  { others, account, choice }: DecisionContext,
  { who, exceptions }: { readonly who: string; readonly exceptions: readonly string[] },
): Decision {
  const refusing = frontendException(standing, others) ?? standing.place;
  const refusal = `${who} may not ${purpose} ${base}: ${ruleAt(others, refusing)}`;
  if (choice === undefined) return { conflict: refusal, remarks: [] };
  if (choice === 'keep') return { remarks: [...exceptions, refusal] };
  const place =
    purpose === 'read'
      ? placeBefore(others.local, (text) => !passesOn(text, account))
      : placeOf(standing, others);
  return { remarks: exceptions, added: { place, conditions: [] } };
}

function placeBefore(rules: readonly string[], isStop: (text: string) => boolean): number {
  const stop = rules.findIndex(isStop);
  return stop < 0 ? rules.length : stop;
}

/** Whether a rule is one of {@link accessRules} of this account, for whatever trees, or of an earlier version. */
export function isOwnRule(text: string, account: string): boolean {
  const own = accountOfRule(text);
  return own !== undefined && equalDn(own, account);
}

/** The account that a rule of ours is for; `undefined` for rules of others. */
export function accountOfRule(text: string): string | undefined {
  const { to, by } = parseAccessRule(text);
  const [grant = [], last = [], ...more] = isBindGrant(by[0] ?? []) ? by.slice(1) : by;
  const endsAsOurs = equalRules(last, ['*', 'break']) && more.length === 0;
  return isOwnTarget(to) && endsAsOurs ? accountOfGrant(grant) : undefined;
}

function isOwnTarget([first = '', ...more]: readonly string[]): boolean {
  return /^dn\.(?:exact|subtree)=/i.test(first) && more.every((word) => /^attrs=/i.test(word));
}

function accountOfGrant(grant: readonly string[]): string | undefined {
  const { who, access, control } = parseAccessClause(grant);
  const isOwn = who.length === 1 && control === 'stop' && /^(?:read|none)$/.test(access ?? '');
  return isOwn ? exactDnOf(who[0] ?? '') : undefined;
}

/** Whether a rule of ours lets users log in: those of earlier versions stand before rules that refuse it. */
export function opensLogins(text: string, userTree: string): boolean {
  const { to, by } = parseAccessRule(text);
  const [, tree] = /^dn\.subtree=(.*)$/is.exec(to[0] ?? '') ?? [];
  return tree !== undefined && equalDn(tree, userTree) && isBindGrant(by[0] ?? []);
}

function isBindGrant(words: readonly string[]): boolean {
  const { who, access, control } = parseAccessClause(words);
  return equalRules(who, ['anonymous']) && access === 'auth' && control === 'stop';
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
  return grant.at(-1) === 'break' || isBindGrant(grant) || isAnother(grant[0] ?? '', account);
}

/** Rules of others that a rule of ours comes before although they refuse what it gives, fully or on some connections. */
export function bypassedRules(
  rules: readonly string[],
  frontend: readonly string[],
  index: number,
  kinds: AttributeKinds,
): readonly string[] {
  const text = rules[index] ?? '';
  const account = accountOfRule(text);
  if (account === undefined) return [];
  const isOther = (other: string): boolean => accountOfRule(other) === undefined;
  const others = [...rules, ...frontend].filter(isOther);
  const before = rules.slice(0, index).filter(isOther).length;
  const asked = questionsOf(text, account);
  const found = asked.flatMap((question) => {
    const standing = standingAccess(others, question, kinds);
    const places = isStricter(standing, conditionsOf(text)) ? [standing.place] : [];
    return [...standing.exceptions, ...standing.gates, ...places].filter((one) => one >= before);
  });
  return [...new Set(found)].map((one) => others[one] ?? '');
}

/** What a rule of ours gives, as questions to the rules of others; none for one that takes something away. */
function questionsOf(text: string, account: string): readonly AccessQuestion[] {
  const { to, by } = parseAccessRule(text);
  const [, style = '', base = ''] = /^dn\.(exact|subtree)=(.*)$/is.exec(to[0] ?? '') ?? [];
  const [, list = ''] = /^attrs=(.*)$/i.exec(to[1] ?? '') ?? [];
  const [grant = []] = by;
  const scope = style.toLowerCase() === 'exact' ? 'exact' : 'subtree';
  const examples = [childDn('uid', 'a', base), childDn('cn', 'a', base)];
  const place = { base, scope, examples } as const;
  const attributes = list.split(',');
  if (isBindGrant(grant))
    return attributes.map((attribute) => ({ ...place, attribute, subject: 'anonymous', right: 'auth' }));
  if (parseAccessClause(grant).access !== 'read') return [];
  return attributes.map((attribute) => ({ ...place, attribute, subject: account, right: 'read' }));
}

function conditionsOf(text: string): readonly string[] {
  const [grant = []] = parseAccessRule(text).by;
  return parseAccessClause(grant).conditions;
}

function isStricter({ kind, conditions }: StandingAccess, own: readonly string[]): boolean {
  if (kind === 'conditional' || kind === 'refused') return true;
  return kind === 'missing' && conditions.some((one) => !own.includes(one));
}

export function limitsFor(account: string): string {
  return `${dnPattern('dn.exact', account)} size=unlimited`;
}

/** Whether limits are surely for this account. */
export function appliesTo(text: string, account: string): boolean {
  const [who = ''] = wordsOf(text);
  const dn = exactDnOf(who);
  return /^(?:\*|any|users)$/i.test(who) || (dn !== undefined && equalDn(dn, account));
}

/** Whether limits let somebody list all entries. */
export function isUnlimited(text: string): boolean {
  const words = new Set(wordsOf(text).map((word) => word.toLowerCase()));
  return words.has('size=unlimited') || words.has('size=-1');
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

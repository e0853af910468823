import { equalDn, formatDn, isWithin, parentDn, parseDn } from '../../directory/dn.ts';
import {
  exactDnOf,
  parseAccessClause,
  parseAccessRule,
  type AccessClause,
  type AccessRule,
} from './access-rule.ts';
import type { AttributeKinds } from './attribute-kinds.ts';

/** May this subject do this to this attribute of all entries of a tree? */
export interface AccessQuestion {
  /** The top of the tree, or the one entry. */
  readonly base: string;
  readonly scope: 'exact' | 'subtree';
  /** An attribute, or one of the pseudo-attributes `entry` and `children`. */
  readonly attribute: string;
  /** A DN, or `anonymous`: who binds is nobody before that. */
  readonly subject: string;
  readonly right: 'read' | 'auth';
  /** DNs that entries of the tree are like, for rules with a regular expression. */
  readonly examples: readonly string[];
}

/** What the rules of a server answer. */
export interface StandingAccess {
  /**
   * `conditional`: yes, if the connection is as the rule demands; `refused`: a rule names the subject and refuses;
   * `missing`: no rule that is about all of the tree gives it.
   */
  readonly kind: 'granted' | 'conditional' | 'refused' | 'missing';
  /** Whether the subject may also change the values. */
  readonly canWrite: boolean;
  /** The index of the rule that decides; the number of rules if none does, because slapd then refuses. */
  readonly place: number;
  /** What that rule demands of the connection of those who get something by it. */
  readonly conditions: readonly string[];
  /** Whether a rule gives it for a part of the tree, perhaps only on some connections. */
  readonly grantsPart: boolean;
  /** Indexes of rules before it that let only some connections pass on. */
  readonly gates: readonly number[];
  /** Indexes of rules before it that refuse it for a part of the tree. */
  readonly exceptions: readonly number[];
}

/**
 * Follows rules as slapd does (slapd.access(5)): the first rule that is about the attribute of the entry decides, in it
 * the first clause that is about the subject. Groups, sets and the like count as not being about the subject.
 */
export function standingAccess(
  rules: readonly string[],
  question: AccessQuestion,
  kinds: AttributeKinds,
): StandingAccess {
  const exceptions: number[] = [];
  const gates: number[] = [];
  let grantsPart = false;
  let rights: Rights = NONE;
  for (const { place, rule, coverage } of rulesAbout(rules, question, kinds)) {
    const isWhole = coverage === 'all';
    const outcome = follow(rule, question, isWhole ? rights : NONE);
    if (outcome.control === 'break') {
      if (outcome.isConditional) gates.push(place);
      if (isWhole) rights = outcome.rights;
      continue;
    }
    const isGranted = gives(outcome.rights, question);
    grantsPart ||= !isWhole && (isGranted || outcome.isConditional);
    if (coverage === 'part' && !isGranted) exceptions.push(place);
    if (!isDecisive(coverage, isGranted)) continue;
    const kind = kindOf(outcome, isGranted);
    const decided = { kind, canWrite: mayWrite(outcome), place, conditions: demandedConditions(rule) };
    return { ...decided, grantsPart, gates, exceptions };
  }
  const undecided = { kind: 'missing', canWrite: false, place: rules.length, conditions: [] } as const;
  return { ...undecided, grantsPart, gates, exceptions };
}

interface PlacedAccessRule {
  readonly place: number;
  readonly rule: AccessRule;
  readonly coverage: Exclude<Coverage, 'none'>;
}

/** The rules that are about the attribute of some entry of the tree. */
function* rulesAbout(
  rules: readonly string[],
  question: AccessQuestion,
  kinds: AttributeKinds,
): Generator<PlacedAccessRule> {
  for (const [place, text] of rules.entries()) {
    const rule = parseAccessRule(text);
    const coverage = coverageOf(rule, question, kinds);
    if (coverage !== 'none') yield { place, rule, coverage };
  }
}

function gives(rights: Rights, { right }: AccessQuestion): boolean {
  return NEEDED[right].every((letter) => rights.has(letter));
}

/** What is refused at the top of a tree is of no use further down; what is given there says nothing of the rest. */
function isDecisive(coverage: Coverage, isGranted: boolean): boolean {
  return coverage === 'all' || (coverage === 'most' && !isGranted);
}

function mayWrite({ rights }: Outcome): boolean {
  return WRITING.some((letter) => rights.has(letter));
}

function kindOf({ isConditional, isNamed }: Outcome, isGranted: boolean): StandingAccess['kind'] {
  if (isGranted) return 'granted';
  if (isConditional) return 'conditional';
  return isNamed ? 'refused' : 'missing';
}

/** What a rule demands of a connection: the highest strength of each kind, and each other condition. */
function demandedConditions({ by }: AccessRule): readonly string[] {
  const strengths = new Map<string, number>();
  const others = new Map<string, string>();
  for (const clause of by.map(parseAccessClause)) {
    const gives = rightsAfter(NONE, clause).size > 0;
    for (const condition of gives ? clause.conditions : []) {
      const [, kind, strength] = /^(\w*ssf)=(\d+)$/i.exec(condition) ?? [];
      if (kind === undefined) others.set(condition.toLowerCase(), condition);
      else
        strengths.set(kind.toLowerCase(), Math.max(strengths.get(kind.toLowerCase()) ?? 0, Number(strength)));
    }
  }
  return [...[...strengths].map(([kind, strength]) => `${kind}=${strength}`), ...others.values()];
}

/** Privileges by their letters in slapd.access(5): disclose, x (auth), compare, search, read, write, manage. */
type Rights = ReadonlySet<string>;

const NONE: Rights = new Set();
const WRITING = ['w', 'a', 'z', 'm'] as const;
const NEEDED = { auth: ['x'], read: ['d', 's', 'r'] } as const;
const LEVELS: Readonly<Record<string, string>> = {
  none: '',
  disclose: 'd',
  auth: 'dx',
  compare: 'dxc',
  search: 'dxcs',
  read: 'dxcsr',
  add: 'dxcsra',
  delete: 'dxcsrz',
  write: 'dxcsrw',
  manage: 'dxcsrwm',
};

function rightsAfter(before: Rights, { access }: AccessClause): Rights {
  if (access === undefined) return before;
  // "selfwrite" is about one's own DN as a value, which no account of ours is.
  if (/^(?:real)?self/.test(access)) return before;
  const level = LEVELS[access];
  if (level !== undefined) return new Set(level);
  const letters = access.slice(1).replace('0', '');
  if (access.startsWith('+')) return new Set([...before, ...Array.from(letters)]);
  if (access.startsWith('-')) return new Set([...before].filter((letter) => !letters.includes(letter)));
  return new Set(letters);
}

interface Outcome {
  readonly rights: Rights;
  readonly control: 'stop' | 'break';
  /** Whether a clause would give it on another connection. */
  readonly isConditional: boolean;
  /** Whether the clause that decides names the subject alone. */
  readonly isNamed: boolean;
}

function follow({ by }: AccessRule, question: AccessQuestion, before: Rights): Outcome {
  let rights = before;
  let isConditional = false;
  for (const words of by) {
    const clause = parseAccessClause(words);
    if (!clause.who.every((who) => isSubject(who, question))) continue;
    const after = rightsAfter(rights, clause);
    // Who connects as demanded passes on to later rules, and those that are put there leave the demand in force.
    if (clause.conditions.length > 0 && clause.control === 'break')
      return { rights: after, control: 'break', isConditional: true, isNamed: false };
    if (clause.conditions.length > 0) {
      isConditional ||= gives(after, question);
      continue;
    }
    rights = after;
    if (clause.control === 'continue') continue;
    const isNamed = clause.who.some((who) => exactDnOf(who) !== undefined);
    return { rights, control: clause.control, isConditional, isNamed };
  }
  return { rights: NONE, control: 'stop', isConditional, isNamed: false };
}

function isSubject(who: string, { subject, base, scope }: AccessQuestion): boolean {
  const word = who.toLowerCase();
  if (word === '*') return true;
  if (subject === 'anonymous') return word === 'anonymous' || word === 'realanonymous';
  if (word === 'users' || word === 'realusers') return true;
  if (word === 'self' || word === 'realself') return scope === 'exact' && equalDn(base, subject);
  const [, style = 'exact', dn] = /^(?:real)?dn(?:\.([a-z]+))?=(.*)$/is.exec(who) ?? [];
  return dn !== undefined && isInScope(style.toLowerCase(), dn, subject);
}

/** Whether a DN is one of those that a `dn.style=pattern` names. */
function isInScope(style: string, pattern: string, dn: string): boolean {
  if (style === 'regex') return pattern === '*' || fitsPattern(pattern, dn);
  if (pattern === '*') return true;
  try {
    if (/^(?:exact|base|baseobject)$/.test(style)) return equalDn(pattern, dn);
    if (/^one(?:level)?$/.test(style)) return dn !== '' && equalDn(parentDn(dn), pattern);
    if (style === 'children') return isWithin(dn, pattern) && !equalDn(dn, pattern);
    return /^sub(?:tree)?$/.test(style) && isWithin(dn, pattern);
  } catch {
    // slapd takes patterns with $1 and the like, which are no DNs.
    return false;
  }
}

function fitsPattern(pattern: string, dn: string): boolean {
  try {
    return new RegExp(pattern, 'i').test(formatDn(parseDn(dn)));
  } catch {
    return false;
  }
}

/** `most`: the top or what is directly below it, without which the rest is of no use. */
type Coverage = 'all' | 'most' | 'part' | 'none';

function coverageOf({ to }: AccessRule, question: AccessQuestion, kinds: AttributeKinds): Coverage {
  const found = to.map((word) => wordCoverage(word, question, kinds));
  return COVERAGES.find((one) => found.includes(one)) ?? 'all';
}

/** From the least on: the narrowest word of a rule decides. */
const COVERAGES = ['none', 'part', 'most'] as const;

/** `dn.subtree=ou=People,dc=x` in its parts. */
function wordParts(word: string): { readonly key: string; readonly style: string; readonly value: string } {
  const [, key = '', style = 'exact', value = ''] = /^([a-z]+)(?:\.([a-z]+))?[^=]*=(.*)$/is.exec(word) ?? [];
  return { key: key.toLowerCase(), style: style.toLowerCase(), value };
}

function wordCoverage(word: string, question: AccessQuestion, kinds: AttributeKinds): Coverage {
  const { key, style, value } = wordParts(word);
  switch (key) {
    case 'dn':
      return treeCoverage(style, value, question);
    case 'attrs':
    case 'attr':
      return kinds.isListed(question.attribute, value.split(',')) ? 'all' : 'none';
    case 'filter':
      return kinds.isEverything(value) ? 'all' : 'part';
    default:
      return key === 'val' ? 'part' : 'all';
  }
}

function treeCoverage(style: string, pattern: string, question: AccessQuestion): Coverage {
  const { base, scope } = question;
  const isBase = isInScope(style, pattern, base);
  if (scope === 'exact') return isBase ? 'all' : 'none';
  if (pattern === '*') return 'all';
  if (style === 'regex') return regexCoverage(pattern, question);
  try {
    if (isWithin(pattern, base)) return coverageFrom(style, pattern, base);
    if (!isBase) return 'none';
    return /^(?:sub|children)/.test(style) ? 'all' : 'most';
  } catch {
    return 'part';
  }
}

/** Of a rule that begins within the tree. */
function coverageFrom(style: string, pattern: string, base: string): Coverage {
  if (!equalDn(pattern, base)) return 'part';
  return /^sub/.test(style) ? 'all' : 'most';
}

function regexCoverage(pattern: string, { base, examples }: AccessQuestion): Coverage {
  if (pattern === '.*') return 'all';
  return [base, ...examples].some((dn) => isInScope('regex', pattern, dn)) ? 'most' : 'part';
}

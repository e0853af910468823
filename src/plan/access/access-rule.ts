import { equalDn, formatDn, parseDn } from '../../directory/dn.ts';

/** One value of `olcAccess`, taken apart as far as it is understood (slapd.access(5)). */
export interface AccessRule {
  /** The words between `to` and the first `by`. */
  readonly to: readonly string[];
  /** Each `by` with its words: who, access, control. */
  readonly by: readonly (readonly string[])[];
}

/** Reads the value of an ordered attribute without its `{n}`; quotes group words and are no part of them. */
export function parseAccessRule(text: string): AccessRule {
  const [to = [], ...by] = wordsOf(text)
    .slice(1)
    .reduce<string[][]>(
      (parts, word) => {
        if (word.toLowerCase() === 'by') parts.push([]);
        else parts.at(-1)?.push(word);
        return parts;
      },
      [[]],
    );
  return { to, by };
}

/** The words of a line of slapd's configuration. In cn=config a backslash is a character like others. */
export function wordsOf(text: string): readonly string[] {
  return [...text.matchAll(/(?:"[^"]*"|[^\s"])+/g)].map(([word]) => word.replaceAll('"', ''));
}

/** The text of an ordered value (`{n}text`), which slapd numbers anew with each change. */
export function withoutIndex(value: string): string {
  return value.replace(/^\{-?\d+\}/, '');
}

/**
 * `style="dn"`. Special characters are written as hex: slapd takes a backslash in cn=config for what it is and one in
 * slapd.conf for an escape, and no form of a quote passes through both.
 */
export function dnPattern(style: 'dn.exact' | 'dn.subtree', dn: string): string {
  const hex = (character: string): string => `\\${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  const escaped = formatDn(parseDn(dn)).replace(/\\([^0-9a-fA-F])/g, (_, character: string) =>
    hex(character),
  );
  return `${style}="${escaped}"`;
}

/** One `by` of a rule: who it is for, under which conditions, what it gives, and where it leads. */
export interface AccessClause {
  readonly who: readonly string[];
  /** What the connection must be like: `ssf=128`, `peername.ip=192.0.2.0%255.255.255.0`. */
  readonly conditions: readonly string[];
  /** A level or privileges as the rule has them; `undefined` if it has none, which gives and takes nothing. */
  readonly access: string | undefined;
  readonly control: 'stop' | 'continue' | 'break';
}

/** Sorts the words of one `by` into its parts (slapd.access(5)). */
export function parseAccessClause(words: readonly string[]): AccessClause {
  const rest = [...words];
  const named = CONTROLS.find((one) => one === rest.at(-1)?.toLowerCase());
  if (named !== undefined) rest.pop();
  const access = ACCESS.test(rest.at(-1) ?? '') ? rest.pop()?.toLowerCase() : undefined;
  const isCondition = (word: string): boolean => CONDITION.test(word);
  return {
    who: rest.filter((word) => !isCondition(word)),
    conditions: rest.filter(isCondition),
    // Without a level a clause that stops refuses, and any other one changes nothing.
    access: access ?? (named === undefined || named === 'stop' ? 'none' : undefined),
    control: named ?? 'stop',
  };
}

const CONTROLS = ['stop', 'continue', 'break'] as const;
const ACCESS =
  /^(?:(?:real)?self)?(?:none|disclose|auth|compare|search|read|write|add|delete|manage|[=+-][0dxcsrwazm]*)$/i;
const CONDITION = /^(?:(?:tls_|transport_|sasl_)?ssf|peername|sockname|sockurl|domain)(?:[.,]\w+)*=/i;

/** The DN that a word names in full: `dn.exact=…` or its other names; `undefined` for every other word. */
export function exactDnOf(word: string): string | undefined {
  return /^dn\.(?:exact|base|baseobject)=(.+)$/i.exec(word)?.[1];
}

/** Whether two rules say the same, DNs compared by meaning. */
export function equalRules(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((word, index) => equalWords(word, b[index] ?? ''));
}

function equalWords(a: string, b: string): boolean {
  const [styleA, dnA] = splitDn(a);
  const [styleB, dnB] = splitDn(b);
  if (dnA === undefined || dnB === undefined) return a.toLowerCase() === b.toLowerCase();
  return styleA === styleB && equalDn(dnA, dnB);
}

function splitDn(word: string): readonly [string, string | undefined] {
  const found = /^(dn\.[a-z]+)=(.+)$/i.exec(word);
  return [found?.[1]?.toLowerCase() ?? word, found?.[2]];
}

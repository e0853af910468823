import { revealed } from '../secret.ts';
import type { NewAttributes, NewEntry } from './entry.ts';
import { octetsOf } from './octets.ts';

/** What {@link formatLdif} writes. */
export interface LdifEntry {
  readonly dn: string;
  readonly attributes: Readonly<Record<string, readonly string[]>>;
}

/**
 * What is not a SAFE-STRING of RFC 2849, and the blank at the end that its note 8 wants encoded. Readers, slapd's among
 * them, also skip a tab after the colon.
 */
const NEEDS_BASE64 = /^[ \t:<]|[\0\r\n]|\P{ASCII}|[ \t]$/u;
const LINE_WIDTH = 76;

/** LDIF of RFC 2849: records apart by an empty line, lines folded at 76 characters, base64 where it is needed. */
export function formatLdif(entries: Iterable<LdifEntry>): string {
  const writer = new LdifWriter();
  return Array.from(entries, (entry) => writer.record(entry)).join('\n');
}

/** Writes many entries of one kind: values that they share, as classes mostly are, are formatted once. */
export class LdifWriter {
  readonly #known = new Map<string, Known>();

  /** One record, with the secrets in it. */
  record({ dn, attributes }: NewEntry): string {
    let text = formatLdifValue('dn', dn);
    for (const name in attributes) text += this.#values(name, attributes[name] ?? []);
    return text;
  }

  /** What comes a second time is kept. */
  #values(name: string, values: Values): string {
    const known = this.#known.get(name);
    if (known?.values === values) return (known.text ??= formatValues(name, values));
    if (known === undefined) this.#known.set(name, { values, text: undefined });
    else {
      known.values = values;
      known.text = undefined;
    }
    return formatValues(name, values);
  }
}

type Values = NewAttributes[string];

/** The values that an attribute had last, the same array and not just an equal one. */
interface Known {
  values: Values;
  text: string | undefined;
}

function formatValues(name: string, values: Values): string {
  let text = '';
  for (const value of values) text += formatLdifValue(name, revealed(value));
  return text;
}

/** One attribute value with its name, folded and encoded where RFC 2849 wants it. */
export function formatLdifValue(name: string, value: string): string {
  if (value === '') return `${name}:\n`;
  const line = NEEDS_BASE64.test(value)
    ? `${name}:: ${octetsOf(value).toString('base64')}`
    : `${name}: ${value}`;
  return line.length <= LINE_WIDTH ? `${line}\n` : fold(line);
}

function fold(line: string): string {
  let folded = `${line.slice(0, LINE_WIDTH)}\n`;
  for (let at = LINE_WIDTH; at < line.length; at += LINE_WIDTH - 1)
    folded += ` ${line.slice(at, at + LINE_WIDTH - 1)}\n`;
  return folded;
}

import { KeystoneLdapError, type Problem } from '../errors.ts';
import { textOf } from './octets.ts';

/** One content record of an LDIF file; attribute names keep the spelling of their first use. */
export interface LdifRecord {
  readonly dn: string;
  /** Where the record starts, from 1. */
  readonly line: number;
  /** Values behind `::` that are not text are as `octets.ts` says. */
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  /** `lines[name][i]` is the line on which `attributes[name][i]` starts. */
  readonly lines: Readonly<Record<string, readonly number[]>>;
}

interface LogicalLine {
  readonly text: string;
  readonly line: number;
}

interface Field {
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

/** Says of an attribute, by its name in lower case, whether its values are wanted; others are passed over unread. */
export type IsWanted = (attribute: string) => boolean;

export type Report = (message: string, line: number, column?: number) => void;

const ATTRIBUTE_DESCRIPTION = /^(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)*)(?:;[A-Za-z0-9-]+)*$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * Reads the content records of RFC 2849, and `changetype: add`, which is what ldifde writes; raw UTF-8 is accepted, as
 * ldapadd accepts it, and what ldapsearch says of its search is passed over.
 * A fold after a comment line continues the comment (so the RFC, so slapd), not the value above it.
 * @throws `INPUT_INVALID` with every problem of the file; other change records and `:<` URLs are problems
 */
export function parseLdif(text: string, file?: string): readonly LdifRecord[] {
  const problems: Problem[] = [];
  const report: Report = (message, line, column) => {
    const where = { ...(file !== undefined && { file }), line, ...(column !== undefined && { column }) };
    problems.push({ message, ...where });
  };
  const records = readRecords(text, report);
  if (problems.length === 0) return records;
  const subject = file ?? 'The LDIF text';
  throw new KeystoneLdapError('INPUT_INVALID', `${subject} is not LDIF that can be used.`, { problems });
}

/** The records of a file, or of the part of one that starts on this line, after an empty one. */
export function readRecords(
  text: string,
  report: Report,
  {
    firstLine = 1,
    isWanted = () => true,
  }: { readonly firstLine?: number; readonly isWanted?: IsWanted } = {},
): readonly LdifRecord[] {
  return groupLines(text, firstLine, report).flatMap(
    (lines) => readRecord(withoutVersion(lines, report), { report, isWanted }) ?? [],
  );
}

/** Unfolds, drops comments, and cuts at empty lines: one group of logical lines for each record. */
function groupLines(text: string, firstLine: number, report: Report): LogicalLine[][] {
  const groups: LogicalLine[][] = [];
  let group: LogicalLine[] = [];
  let above: 'nothing' | 'comment' | 'value' = 'nothing';
  for (const [index, physical] of text.split(/\r?\n/).entries()) {
    const line = index + firstLine;
    // A tab is not a fold of the RFC, but Windows tools write it as one.
    if (/^[ \t]/.test(physical)) {
      if (above === 'nothing')
        report('A line that starts with a space or a tab has no line above it to continue.', line);
      if (above === 'value') unfold(group, physical.slice(1));
    } else if (physical === '') {
      above = 'nothing';
      if (group.length > 0) groups.push(group);
      group = [];
    } else if (physical.startsWith('#')) {
      above = 'comment';
    } else {
      above = 'value';
      group.push({ text: physical, line });
    }
  }
  return group.length > 0 ? [...groups, group] : groups;
}

function unfold(group: LogicalLine[], continuation: string): void {
  const last = group.pop();
  if (last !== undefined) group.push({ ...last, text: last.text + continuation });
}

/** The version stands first in a file, and so more than once where files were joined. */
function withoutVersion(lines: readonly LogicalLine[], report: Report): readonly LogicalLine[] {
  const [first, ...others] = lines;
  const version = /^version:(.*)$/i.exec(first?.text ?? '');
  if (first === undefined || version === null) return lines;
  const number = (version[1] ?? '').trim();
  if (number !== '1') report(`LDIF version "${number}" is unknown; only version 1 exists.`, first.line);
  return others;
}

interface RecordReading {
  readonly report: Report;
  readonly isWanted: IsWanted;
}

function readRecord(
  lines: readonly LogicalLine[],
  { report, isWanted }: RecordReading,
): LdifRecord | undefined {
  const [first, ...others] = lines;
  if (first === undefined || isOfSearch(lines, report)) return undefined;
  const change = others.find(({ text }) => CHANGE_TYPE.test(text));
  if (change !== undefined && changeType(change) !== 'add') {
    report(
      `This is a change record (changetype: ${changeType(change)}); only whole entries can be read, so "changetype: add" at most.`,
      change.line,
    );
    return undefined;
  }
  const rest = others.filter(({ text }) => !CHANGE_TYPE.test(text) && !CONTROL.test(text));
  const head = readField(first, report, () => true);
  if (head !== undefined && head.name.toLowerCase() !== 'dn')
    report(`The record starts with "${head.name}:"; it must start with "dn:".`, first.line, 1);
  const fields = rest.flatMap((line) => readField(line, report, isDnOr(isWanted)) ?? []);
  for (const { line } of fields.filter(({ name }) => name.toLowerCase() === 'dn'))
    report('A second "dn:" in one record; an empty line must separate records.', line, 1);
  return head && { dn: head.value, line: first.line, ...groupFields(fields) };
}

function isDnOr(isWanted: IsWanted): IsWanted {
  return (attribute) => attribute === 'dn' || isWanted(attribute);
}

const CHANGE_TYPE = /^changetype:/i;
/** Says how a server shall go about a change (RFC 2849), and nothing of the entry. */
const CONTROL = /^control:/i;

function changeType({ text }: LogicalLine): string {
  const [, mark, raw = ''] = /^[^:]*:(:?)[ \t]*(.*)$/s.exec(text) ?? [];
  const name = mark === '' ? raw : Buffer.from(raw, 'base64').toString('latin1');
  return shorten(name.trim().toLowerCase());
}

/** What ldapsearch says of a search itself: how it ended, and where more entries are. */
function isOfSearch(lines: readonly LogicalLine[], report: Report): boolean {
  if (!/^(?:search|ref):/.test(lines[0]?.text ?? '')) return false;
  const result = lines.find(({ text }) => /^result:/.test(text));
  const outcome = /^result:\s*(.*)$/s.exec(result?.text ?? '')?.[1] ?? '0';
  if (result !== undefined && !/^0\b/.test(outcome))
    report(
      `The search that wrote this file ended with "${shorten(outcome)}", so that entries may be missing; run it again with an identity that sees all, or with "-E pr=1000/noprompt".`,
      result.line,
    );
  return true;
}

/** Values of one attribute together, names compared without case. */
function groupFields(fields: readonly Field[]): Pick<LdifRecord, 'attributes' | 'lines'> {
  const groups = new Map<string, Field[]>();
  for (const field of fields) {
    const group = groups.get(field.name.toLowerCase());
    if (group === undefined) groups.set(field.name.toLowerCase(), [field]);
    else group.push(field);
  }
  const byName = [...groups.values()].map((group) => [group[0]?.name ?? '', group] as const);
  return {
    attributes: Object.fromEntries(byName.map(([name, group]) => [name, group.map(({ value }) => value)])),
    lines: Object.fromEntries(byName.map(([name, group]) => [name, group.map(({ line }) => line)])),
  };
}

function readField({ text, line }: LogicalLine, report: Report, isWanted: IsWanted): Field | undefined {
  const [whole, name, mark, raw] = /^([^:]*):([:<]?)[ \t]*(.*)$/s.exec(text) ?? [];
  if (whole === undefined || name === undefined || raw === undefined) {
    report(`"${shorten(text)}" has no ":" between a name and a value.`, line, 1);
    return undefined;
  }
  if (!ATTRIBUTE_DESCRIPTION.test(name)) {
    report(`"${shorten(name)}" is no attribute name.`, line, 1);
    return undefined;
  }
  if (!isWanted(name.toLowerCase())) return undefined;
  const column = whole.length - raw.length + 1;
  if (mark === '<') {
    report(`The value of ${name} is a URL to read it from; write the value itself.`, line, column);
    return undefined;
  }
  const value = mark === ':' ? decodeBase64(raw.trimEnd()) : raw;
  if (value === undefined)
    report(`The value of ${name} is no base64, though "::" announces it.`, line, column);
  return value === undefined ? undefined : { name, value, line };
}

function decodeBase64(raw: string): string | undefined {
  const isBase64 = raw.length % 4 === 0 && BASE64.test(raw);
  return isBase64 ? textOf(Buffer.from(raw, 'base64')) : undefined;
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

import { KeystoneLdapError, type Problem } from '../errors.ts';

/** One content record of an LDIF file; attribute names keep the spelling of their first use. */
export interface LdifRecord {
  readonly dn: string;
  /** Where the record starts, from 1. */
  readonly line: number;
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

export type Report = (message: string, line: number, column?: number) => void;

const ATTRIBUTE_DESCRIPTION = /^(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)*)(?:;[A-Za-z0-9-]+)*$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * Reads the content records of RFC 2849; raw UTF-8 is accepted, as ldapadd accepts it.
 * A fold after a comment line continues the comment (so the RFC, so slapd), not the value above it.
 * @throws `INPUT_INVALID` with every problem of the file; change records and `:<` URLs are problems
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

/** The records of a file, or of the part of one that starts on this line, behind an empty one. */
export function readRecords(text: string, report: Report, firstLine = 1): readonly LdifRecord[] {
  const groups = groupLines(text, firstLine, report);
  return (firstLine === 1 ? withoutVersion(groups, report) : groups).flatMap(
    (lines) => readRecord(lines, report) ?? [],
  );
}

/** Unfolds, drops comments, and cuts at empty lines: one group of logical lines for each record. */
function groupLines(text: string, firstLine: number, report: Report): LogicalLine[][] {
  const groups: LogicalLine[][] = [];
  let group: LogicalLine[] = [];
  let above: 'nothing' | 'comment' | 'value' = 'nothing';
  for (const [index, physical] of text.split(/\r?\n/).entries()) {
    const line = index + firstLine;
    if (physical.startsWith(' ')) {
      if (above === 'nothing')
        report('A line that starts with a space has no line above it to continue.', line);
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

function withoutVersion(groups: readonly LogicalLine[][], report: Report): readonly LogicalLine[][] {
  const [first, ...others] = groups;
  const version = /^version:(.*)$/i.exec(first?.[0]?.text ?? '');
  if (first === undefined || version === null) return groups;
  const number = (version[1] ?? '').trim();
  if (number !== '1')
    report(`LDIF version "${number}" is unknown; only version 1 exists.`, first[0]?.line ?? 1);
  return first.length > 1 ? [first.slice(1), ...others] : others;
}

function readRecord(lines: readonly LogicalLine[], report: Report): LdifRecord | undefined {
  const [first, ...rest] = lines;
  if (first === undefined) return undefined;
  const change = rest.find(({ text }) => /^(?:changetype|control):/i.test(text));
  if (change !== undefined) {
    report('This is a change record; only records that hold whole entries can be read.', change.line);
    return undefined;
  }
  const head = readField(first, report);
  if (head !== undefined && head.name.toLowerCase() !== 'dn')
    report(`The record starts with "${head.name}:"; it must start with "dn:".`, first.line, 1);
  const fields = rest.flatMap((line) => readField(line, report) ?? []);
  for (const { line } of fields.filter(({ name }) => name.toLowerCase() === 'dn'))
    report('A second "dn:" in one record; an empty line must separate records.', line, 1);
  return head && { dn: head.value, line: first.line, ...groupFields(fields) };
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

function readField({ text, line }: LogicalLine, report: Report): Field | undefined {
  const [whole, name, mark, raw] = /^([^:]*):([:<]?) *(.*)$/s.exec(text) ?? [];
  if (whole === undefined || name === undefined || raw === undefined) {
    report(`"${shorten(text)}" has no ":" between a name and a value.`, line, 1);
    return undefined;
  }
  if (!ATTRIBUTE_DESCRIPTION.test(name)) {
    report(`"${shorten(name)}" is no attribute name.`, line, 1);
    return undefined;
  }
  const column = whole.length - raw.length + 1;
  if (mark === '<') {
    report(`The value of ${name} is a URL to read it from; write the value itself.`, line, column);
    return undefined;
  }
  const value = mark === ':' ? decodeBase64(raw.trimEnd()) : { text: raw };
  if ('fault' in value) report(`The value of ${name} ${value.fault}.`, line, column);
  return 'fault' in value ? undefined : { name, value: value.text, line };
}

function decodeBase64(raw: string): { readonly text: string } | { readonly fault: string } {
  if (raw.length % 4 !== 0 || !BASE64.test(raw)) return { fault: 'is no base64, though "::" announces it' };
  try {
    const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return { text: utf8.decode(Buffer.from(raw, 'base64')) };
  } catch {
    return { fault: 'holds bytes that are no UTF-8 text' };
  }
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

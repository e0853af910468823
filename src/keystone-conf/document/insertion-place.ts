import { decodeText, encodeText, strip } from './conf-line.ts';
import { lastLine, optionKey, type ConfDocument, type ConfSection } from './document.ts';
import { blocksOf } from './option-value.ts';

/** Where a new option goes: before the line with index `at`, its value after `lead`. `lead` is latin1. */
export interface InsertionPlace {
  readonly at: number;
  /** Lines that have to stand before the option: a blank line and the header of a new section. */
  readonly above: readonly string[];
  readonly lead: string;
}

/**
 * Beside the option's commented-out default where the section has one, written like it; else at the section's end;
 * else in a new section at the end of the file. @throws `CONF_INVALID`
 */
export function insertionPlace(doc: ConfDocument, section: string, option: string): InsertionPlace {
  const blocks = blocksOf(doc, section);
  const beside = blocks
    .map((block) => besideDefault(doc, block, option))
    .findLast((place) => place !== undefined);
  if (beside !== undefined) return beside;
  const lead = encodeText(`${option} = `);
  const block = blocks.at(-1);
  if (block !== undefined) return { at: endOfBlock(doc, block), above: [], lead };
  const last = doc.lines.at(-1)?.text ?? '';
  const header = encodeText(`[${section}]`);
  return { at: doc.lines.length, above: strip(last) === '' ? [header] : ['', header], lead };
}

/** `#option = default`, `# option: default`; group 1 the mark, group 2 the option with the separator after it. */
const COMMENTED_OPTION = /^([#;][ \t]*)(([^\s:=#;[][^\s:=]*)[ \t]*[:=][ \t]*)/;
/** `#[section]`: what is commented out below it belongs to that section. */
const COMMENTED_HEADER = /^[#;][ \t]*\[[^\]]+\][ \t]*$/;
const COMMENT = /^[#;]/;

function besideDefault(doc: ConfDocument, block: ConfSection, option: string): InsertionPlace | undefined {
  const key = optionKey(doc.dialect, option);
  const own = doc.lines.slice(0, endOfOwnComments(doc, block));
  const at = own.findLastIndex(({ text }, line) => {
    const name = COMMENTED_OPTION.exec(text)?.[3];
    return line > block.header && name !== undefined && optionKey(doc.dialect, decodeText(name)) === key;
  });
  const written = COMMENTED_OPTION.exec(doc.lines[at]?.text ?? '')?.[2];
  if (written === undefined) return undefined;
  return { at: afterValue(block, at), above: [], lead: /[:=]$/.test(written) ? spaced(written) : written };
}

/** `#option =` with nothing after it was not meant to glue the value to the sign. */
function spaced(written: string): string {
  return /[ \t][:=]$/.test(written) ? `${written} ` : written;
}

/** A comment may stand between the lines of a value, where nothing can be put: the place is after that value. */
function afterValue(block: ConfSection, comment: number): number {
  const around = block.options.find((option) => option.line < comment && comment < lastLine(option));
  return 1 + (around === undefined ? comment : lastLine(around));
}

/** The section's last line of its own, before what introduces the next section. */
function endOfBlock(doc: ConfDocument, block: ConfSection): number {
  const text = (at: number) => doc.lines[at]?.text ?? '';
  const end = endOfOwnComments(doc, block);
  const lastOption = block.options.at(-1);
  let at = lastOption === undefined ? block.header : lastLine(lastOption);
  for (let line = at + 1; line < end; line++) if (COMMENTED_OPTION.test(text(line))) at = line;
  let comments = at + 1;
  while (comments < end && COMMENT.test(text(comments))) comments++;
  const introducesNext = comments === block.end && comments < doc.lines.length;
  return introducesNext ? at + 1 : comments;
}

/** Up to a section that is commented out as a whole, if no option of ours follows it. */
function endOfOwnComments(doc: ConfDocument, block: ConfSection): number {
  const lastOption = block.options.at(-1);
  const from = (lastOption === undefined ? block.header : lastLine(lastOption)) + 1;
  const header = doc.lines.slice(from, block.end).findIndex(({ text }) => COMMENTED_HEADER.test(text));
  return header < 0 ? block.end : from + header;
}

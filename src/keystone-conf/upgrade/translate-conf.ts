import { ESSEX_OPTIONS } from '../../releases/essex-options.ts';
import type { ConfDialect } from '../document/conf-dialect.ts';
import { closeLines, encodeText, lineEndNear, strip, stripEnd } from '../document/conf-line.ts';
import {
  lastLine,
  parseConf,
  requireMeaning,
  withLines,
  type ConfDocument,
  type ConfOption,
  type ConfSection,
} from '../document/document.ts';
import { resolveReferences } from '../document/essex-references.ts';
import { isPassword } from '../document/masked-lines.ts';
import {
  blocksOf,
  DEFAULT_SECTION,
  firstValue,
  optionText,
  sectionNames,
  withoutQuotes,
} from '../document/option-value.ts';
import { PASTE_SECTION } from '../legacy/paste-section.ts';
import { setOptionText } from '../document/set-option.ts';

/** A file that another parser reads as the first one reads the given file. */
export interface TranslatedConf {
  readonly doc: ConfDocument;
  /** For each line, the index of the line of the given file that it comes from. */
  readonly origins: readonly number[];
  /** What had to be written differently, and why. */
  readonly rewritten: readonly RewrittenLine[];
}

export interface RewrittenLine {
  /** The index in the given file. */
  readonly line: number;
  readonly message: string;
}

/**
 * The file of Essex, which Python's ConfigParser reads, for the parser of all later releases; a file in that dialect
 * stays as it is. Nothing is lost: what only ConfigParser takes for a comment stays as a comment.
 * @throws `CONF_INVALID`
 */
export function translateConf(given: ConfDocument, dialect: ConfDialect): TranslatedConf {
  if (given.dialect === dialect)
    return { doc: given, origins: given.lines.map((_, at) => at), rewritten: [] };
  requireMeaning(given);
  const lines = new Translation(given, dialect).lines();
  const end = lineEndNear(given.lines, given.lines.length);
  const closed = closeLines(
    lines.map(({ text, origin }) => ({ text, end: given.lines[origin]?.end ?? end })),
    end,
    given.lines.at(-1)?.end === '',
  );
  const bytes = Buffer.from(closed.map(({ text, end: own }) => text + own).join(''), 'latin1');
  const translated = {
    doc: parseConf(bytes, given.file, dialect),
    origins: lines.map(({ origin }) => origin),
    rewritten: lines.flatMap(({ origin, why = [] }) => why.map((message) => ({ line: origin, message }))),
  };
  return withInherited(translated, given);
}

interface TranslatedLine {
  /** In latin1. */
  readonly text: string;
  readonly origin: number;
  readonly why?: readonly string[];
}

class Translation {
  readonly #given: ConfDocument;
  readonly #dialect: ConfDialect;

  constructor(given: ConfDocument, dialect: ConfDialect) {
    this.#given = given;
    this.#dialect = dialect;
  }

  lines(): readonly TranslatedLine[] {
    const { sections, lines } = this.#given;
    const before = this.#others(0, sections[0]?.header ?? lines.length);
    return [...before, ...sections.flatMap((section) => this.#section(section))];
  }

  #section(section: ConfSection): readonly TranslatedLine[] {
    const lines = [...this.#header(section)];
    let at = section.header + 1;
    for (const option of section.options) {
      lines.push(...this.#others(at, option.line), ...this.#option(section, option));
      at = lastLine(option) + 1;
    }
    return [...lines, ...this.#others(at, section.end)];
  }

  /** ConfigParser does not look at what follows the bracket. */
  #header({ header: origin, name }: ConfSection): readonly TranslatedLine[] {
    const text = this.#text(origin);
    const [header = text] = this.#given.dialect.header.exec(text) ?? [];
    const rest = strip(text.slice(header.length));
    if (rest === '') return [{ text, origin }];
    const why = [`What follows [${name}] on its line is a comment in Essex only; it gets a line of its own.`];
    return [
      { text: header, origin, why },
      { text: asComment(rest), origin },
    ];
  }

  #option(section: ConfSection, option: ConfOption): readonly TranslatedLine[] {
    const { line: origin, continuations } = option;
    const place = `[${section.name}] ${option.name}`;
    const own = [origin, ...continuations];
    const between = range(origin, lastLine(option) + 1).filter((at) => !own.includes(at));
    const gaps = between.flatMap((at) => this.#other(at));
    const resolved = (latin1: string) => resolveReferences(this.#given, [section.name, option.name], latin1);
    const further = continuations.map((at) => ({ text: resolved(this.#text(at)), origin: at }));
    const why: string[] = [];
    if (gaps.length > 0)
      why.push(
        `${place}: later releases end a value at a blank line or a comment; they come after the value.`,
      );
    const name = this.#name(section, option);
    if (name.startsWith('[')) {
      const commented = further.map((line) => ({ ...line, text: `#${line.text}` }));
      why.push('Later releases take this line for a section, which it is not.');
      return [{ text: `#${this.#text(origin)}`, origin, why }, ...commented, ...gaps];
    }
    const written = this.#text(origin);
    const head = name + written.slice(name.length, option.valueColumn);
    if (!written.startsWith(name))
      why.push(`${place}: later releases distinguish upper and lower case in names.`);
    const first = firstValue(this.#given, option);
    const meant = resolved(first);
    if (meant !== first || further.some(({ text, origin: at }) => text !== this.#text(at)))
      why.push(`${place}: later releases look references up elsewhere; what it refers to is in their place.`);
    const value = this.#quoted(meant);
    if (this.#isQuotedTwice(meant))
      why.push(`${place}: its outer quotes are taken for those of an earlier upgrade, and stay as they are.`);
    else if (value !== meant)
      why.push(`${place}: quotes are part of the value in Essex; later releases drop the outer ones.`);
    const tail = written.slice(option.valueColumn + first.length);
    const comment = strip(tail);
    if (comment !== '')
      why.push(
        `${place}: a comment after a value is part of the value in later releases; it gets a line of its own.`,
      );
    // The name makes the comment one of those that are shown to nobody.
    const hidden = isPassword(option.name) ? encodeText(`; ${option.name}: `) + comment.slice(1) : comment;
    return [
      ...(comment === '' ? [] : [{ text: hidden, origin }]),
      { text: head + value + (comment === '' ? tail : ''), origin, why },
      ...further,
      ...gaps,
    ];
  }

  /** In lower case, as Keystone looks it up, but for what paste reads. */
  #name({ name: section }: ConfSection, { line }: ConfOption): string {
    const written = stripEnd(this.#given.dialect.option.exec(this.#text(line))?.[1] ?? '');
    // Python's own bytes: letters beyond ASCII have no case.
    return PASTE_SECTION.test(section)
      ? written
      : written.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  }

  /** The value that reads the same, its quotes included. */
  #quoted(first: string): string {
    if (this.#isQuotedTwice(first)) return first;
    const meant = withoutQuotes(first, this.#given.dialect);
    return withoutQuotes(first, this.#dialect) === meant ? first : `"${meant}"`;
  }

  /** An upgrade that is run again must not quote again, and no DN or password of Essex begins like that. */
  #isQuotedTwice(first: string): boolean {
    const inner = withoutQuotes(first, this.#dialect);
    return inner !== first && withoutQuotes(inner, this.#dialect) !== inner;
  }

  #others(from: number, to: number): readonly TranslatedLine[] {
    return range(from, to).flatMap((at) => this.#other(at));
  }

  /** A blank line or a comment. */
  #other(origin: number): readonly TranslatedLine[] {
    const text = this.#text(origin);
    if (strip(text) === '' || this.#dialect.comment.test(text)) return [{ text, origin }];
    const why = ['"rem" begins a comment in Essex only.'];
    return [{ text: asComment(text), origin, why }];
  }

  #text(line: number): string {
    return this.#given.lines[line]?.text ?? '';
  }
}

function asComment(latin1: string): string {
  return /^[#;]/.test(latin1) ? latin1 : `# ${latin1}`;
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at);
}

/**
 * Sets in its own section what Essex takes from `[DEFAULT]`, where it becomes a comment: no later release reads it there,
 * and a second run must not take it again.
 */
function withInherited(translated: TranslatedConf, given: ConfDocument): TranslatedConf {
  if (!given.dialect.inheritsDefaults) return translated;
  const sections = sectionNames(given);
  const own = [...ESSEX_OPTIONS].filter(([section]) => sections.includes(section));
  const set = own
    .flatMap(([section, options]) => options.map((option) => ({ section, option })))
    .reduce((before, { section, option }) => {
      const text = optionText(before.doc, DEFAULT_SECTION, option);
      if (text === undefined || optionText(before.doc, section, option) !== undefined) return before;
      const doc = setOptionText(before.doc, section, option, text);
      return { ...before, doc, origins: spread(before.origins, before.doc, doc) };
    }, translated);
  const names = new Set([...ESSEX_OPTIONS.values()].flat());
  const shared = blocksOf(set.doc, DEFAULT_SECTION)
    .flatMap(({ options }) => options)
    .filter(({ name }) => names.has(name));
  const at = new Set(shared.flatMap(({ line, continuations }) => [line, ...continuations]));
  const lines = set.doc.lines.map((line, index) =>
    at.has(index) ? { ...line, text: `#${line.text}` } : line,
  );
  const moved = shared.map(({ name, line }) => ({
    line: set.origins[line] ?? 0,
    message: `[DEFAULT] ${name} counts for other sections in Essex only, and is set in those that lack it now.`,
  }));
  return { doc: withLines(set.doc, lines), origins: set.origins, rewritten: [...set.rewritten, ...moved] };
}

/** The origins after an insertion of lines: the new ones come from where they were put. */
function spread(
  origins: readonly number[],
  { lines: before }: ConfDocument,
  { lines: after }: ConfDocument,
): readonly number[] {
  const at = before.findIndex(({ text }, index) => text !== after[index]?.text);
  const place = at < 0 ? before.length : at;
  const origin = origins[place] ?? origins.at(-1) ?? 0;
  const inserted = Array.from({ length: after.length - before.length }, () => origin);
  return [...origins.slice(0, place), ...inserted, ...origins.slice(place)];
}

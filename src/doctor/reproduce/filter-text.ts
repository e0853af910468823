/** One comparison of a filter, whose value is as it is written. */
export interface FilterItem {
  readonly attribute: string;
  /** With the matching rule, if there is one. */
  readonly sign: string;
  readonly value: string;
}

const ITEM = /([A-Za-z\d][\w.;-]*)(\s*(?::[\w.-]*)*:?[<>~]?=)([^()]*)|([^()&|!\s]+)/g;

/** The comparisons of a filter that may be malformed. */
export function filterItems(filter: string): readonly FilterItem[] {
  return [...filter.matchAll(ITEM)].flatMap(([, attribute, sign = '', value = '']) =>
    attribute === undefined ? [] : [{ attribute, sign, value }],
  );
}

/** The filter with other comparisons; operators and brackets stay, and what belongs to no comparison is a word. */
export function replaceItems(
  filter: string,
  replace: { readonly item: (item: FilterItem) => string; readonly word: (word: string) => string },
): string {
  return filter.replace(ITEM, (...found: string[]) => {
    const [, attribute, sign = '', value = '', word = ''] = found as (string | undefined)[];
    return attribute === undefined ? replace.word(word) : replace.item({ attribute, sign, value });
  });
}

/** The texts between the stars, without escapes. */
export function itemParts(value: string): readonly string[] {
  return value.split('*').map((part) =>
    part.replace(/(?:\\[\da-f]{2})+/gi, (escaped) => {
      return Buffer.from(escaped.replaceAll('\\', ''), 'hex').toString();
    }),
  );
}

/** A part with the escapes that it needs; what was malformed stays so. */
export function escapedPart(part: string, isMalformed: boolean): string {
  return part.replace(isMalformed ? /[*()\0]/g : /[\\*()\0]/g, (character) => {
    return `\\${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}

/** Whether the rule looks at single bits, which a number keeps only if it stays itself. */
export function looksAtBits({ sign }: FilterItem): boolean {
  return sign.includes(':1.2.840.113556.1.4.80');
}

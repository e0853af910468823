import type { ExportedItem } from './exported-item.ts';

/** Items as text of the identities format, list by list as they come; `indent` for a file in which they stand deeper. */
export async function* formatIdentities(
  items: AsyncIterable<ExportedItem>,
  indent = '',
): AsyncGenerator<string> {
  let list: string | undefined;
  for await (const item of items) {
    if (item.list !== list) yield `${list === undefined ? '' : '\n'}${indent}${item.list}:\n`;
    list = item.list;
    yield `${indent}  - ${mapping(item)}\n`;
  }
}

function mapping({ values }: ExportedItem): string {
  const pairs = Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}: ${typeof value === 'object' ? list(value) : scalar(String(value))}`],
  );
  return `{ ${pairs.join(', ')} }`;
}

function list(values: readonly string[]): string {
  return `[${values.map(scalar).join(', ')}]`;
}

/** A JSON string is a quoted scalar of YAML; what other readers of YAML would not take for text is quoted, too. */
function scalar(text: string): string {
  return PLAIN.test(text) && !NO_TEXT.test(text) ? text : JSON.stringify(text);
}

const PLAIN = /^(?:[A-Za-z_][\w.@-]*|true|false)$/;
const NO_TEXT = /^(?:null|yes|no|on|off|y|n)$/i;

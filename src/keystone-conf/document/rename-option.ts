import { encodeText } from './conf-line.ts';
import { withLines, type ConfDocument } from './document.ts';
import { findOptions } from './option-value.ts';

/** The document in which every occurrence of the option has the new name, with its value, place and spacing. */
export function renameOption(
  doc: ConfDocument,
  section: string,
  option: string,
  newName: string,
): ConfDocument {
  const at = new Set(findOptions(doc, section, option).map(({ line }) => line));
  const name = encodeText(option).length;
  return withLines(
    doc,
    doc.lines.map((line, index) =>
      at.has(index) ? { ...line, text: encodeText(newName) + line.text.slice(name) } : line,
    ),
  );
}

import { encodeText, lineEndNear, type ConfLine } from './conf-line.ts';
import { withLines, type ConfDocument } from './document.ts';
import { findOptions } from './option-value.ts';

/** The document in which every occurrence of the option is a comment, below one that says why. */
export function commentOutOption(
  doc: ConfDocument,
  section: string,
  option: string,
  note: string,
): ConfDocument {
  const found = findOptions(doc, section, option);
  const first = new Set(found.map(({ line }) => line));
  const all = new Set(found.flatMap(({ line, continuations }) => [line, ...continuations]));
  return withLines(
    doc,
    doc.lines.flatMap((line, at): readonly ConfLine[] => {
      if (!all.has(at)) return [line];
      const comment = { ...line, text: `#${line.text}` };
      const why = { text: encodeText(`# ${note}`), end: lineEndNear(doc.lines, at + 1) };
      return first.has(at) ? [why, comment] : [comment];
    }),
  );
}

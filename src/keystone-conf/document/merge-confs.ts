import type { ConfDocument, ConfOption, ConfSection } from './document.ts';

/**
 * Several files of one dialect as one document, as oslo.config takes them (`--config-file` more than once, and the files
 * of `--config-dir`): what a later one sets counts. It is for reading only.
 */
export function mergeConfs(docs: readonly [ConfDocument, ...ConfDocument[]]): ConfDocument {
  const [first, ...others] = docs;
  return others.reduce(append, first);
}

function append(before: ConfDocument, next: ConfDocument): ConfDocument {
  const start = before.lines.length;
  return {
    ...before,
    lines: [...before.lines, ...next.lines],
    sections: [...before.sections, ...next.sections.map((section) => shift(section, start))],
    problems: [...before.problems, ...next.problems],
    parts: [...(before.parts ?? [{ file: before.file, start: 0 }]), { file: next.file, start }],
  };
}

function shift({ header, end, options, ...rest }: ConfSection, by: number): ConfSection {
  const moved = options.map((option): ConfOption => ({
    ...option,
    line: option.line + by,
    continuations: option.continuations.map((line) => line + by),
  }));
  return { ...rest, header: header + by, end: end + by, options: moved };
}

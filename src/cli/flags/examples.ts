/** A line or more to type, and what for. */
export interface Example {
  readonly purpose: string;
  readonly lines: readonly string[];
}

/** The examples below a command's help: what for, then the lines to type. */
export function examples(list: readonly (readonly [purpose: string, ...lines: string[]])[]): string {
  const blocks = list.map(([purpose, ...lines]) =>
    [`  ${purpose}`, ...lines.map((line) => `    ${line}`)].join('\n'),
  );
  return `\nExamples:\n${blocks.join('\n\n')}`;
}

/** The same, read from the help again: from there completion, manual and tests get them. */
export function examplesIn(help: string): readonly Example[] {
  const [, text = ''] = help.split(/^Examples:\n/m);
  return text
    .trimEnd()
    .split(/\n\n/)
    .filter((block) => block !== '')
    .map((block) => {
      const [purpose = '', ...lines] = block.split('\n');
      return { purpose: purpose.trim(), lines: lines.map((line) => line.slice(4)) };
    });
}

/** The examples below a command's help: what for, then the lines to type. */
export function examples(list: readonly (readonly [purpose: string, ...lines: string[]])[]): string {
  const blocks = list.map(([purpose, ...lines]) =>
    [`  ${purpose}`, ...lines.map((line) => `    ${line}`)].join('\n'),
  );
  return `\nExamples:\n${blocks.join('\n\n')}`;
}

/** A command that a document shows, and what it says that the command prints. */
export interface ConsoleCommand {
  readonly words: readonly string[];
  readonly output: string;
}

/** The commands of all ```console blocks, in order. None of them needs quoting. */
export function consoleBlocks(markdown: string): readonly ConsoleCommand[] {
  const blocks = markdown.matchAll(/^```console\n(.*?)^```$/gms);
  return [...blocks].flatMap(([, body = '']) =>
    body
      .split(/^\$ /m)
      .filter((part) => part !== '')
      .map((part) => {
        const end = part.indexOf('\n');
        return { words: part.slice(0, end).split(' '), output: part.slice(end + 1) };
      }),
  );
}

/** Whether the shown lines are those printed; a line `…` stands for any number of lines. */
export function shows(shown: string, printed: string): boolean {
  const escaped = shown.split('…\n').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('(?:.*\\n)*')}$`).test(printed);
}

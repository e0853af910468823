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

/** A fenced block of another kind that holds commands, and why it is not run where its fence says so. */
export interface ShellBlock {
  readonly lines: readonly string[];
  readonly reason: string | undefined;
}

/** The blocks of a document that are for a shell and are not run: ```sh not run: WHY. */
export function shellBlocks(markdown: string): readonly ShellBlock[] {
  const blocks = markdown.matchAll(/^```(?:sh|bash|shell)([^\n]*)\n(.*?)^```$/gms);
  return [...blocks].map(([, info = '', body = '']) => ({
    lines: body.trimEnd().split('\n'),
    reason: /^ not run: (.+)$/.exec(info)?.[1],
  }));
}

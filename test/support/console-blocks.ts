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

/** A fenced block of commands that no console block shows. */
export interface ShellBlock {
  readonly lines: readonly string[];
  /** Why it is not run, as its fence says. */
  readonly reason: string | undefined;
  /** The test that runs it, as its fence says. */
  readonly test: string | undefined;
}

/** The blocks of a document that are for a shell: ```sh not run: WHY, or ```sh run by FILE. */
export function shellBlocks(markdown: string): readonly ShellBlock[] {
  const blocks = markdown.matchAll(/^```(?:sh|bash|shell)([^\n]*)\n(.*?)^```$/gms);
  return [...blocks].map(([, info = '', body = '']) => ({
    lines: body.trimEnd().split('\n'),
    reason: /^ not run: (.+)$/.exec(info)?.[1],
    test: /^ run by (\S+)$/.exec(info)?.[1],
  }));
}

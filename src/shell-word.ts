/** A word that a POSIX shell reads as exactly this text (POSIX.1-2017, Shell Command Language, section 2.2.2). */
export function shellWord(text: string): string {
  return /^[\w@%+:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A command of such words. */
export function shellCommand(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}

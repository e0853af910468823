/** The words of a directive as slapd.conf(5) cuts them. */
export interface SlapdWords {
  readonly words: readonly string[];
  readonly unclosedQuote: boolean;
}

/** Blanks and tabs separate, `"…"` holds them together, and a backslash takes the next character as it is. */
export function slapdWords(directive: string): SlapdWords {
  const words: string[] = [];
  let word: string[] | undefined;
  let quoted = false;
  for (let at = 0; at < directive.length; at += 1) {
    const character = directive.charAt(at);
    if (!quoted && (character === ' ' || character === '\t')) {
      if (word !== undefined) words.push(word.join(''));
      word = undefined;
      continue;
    }
    word ??= [];
    if (character === '"') quoted = !quoted;
    else if (character !== '\\') word.push(character);
    else {
      at += 1;
      word.push(at < directive.length ? directive.charAt(at) : character);
    }
  }
  if (word !== undefined) words.push(word.join(''));
  return { words, unclosedQuote: quoted };
}

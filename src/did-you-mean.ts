import leven from 'leven';

/** The known word that is near enough to have been meant: about a third of it mistyped at most, case aside. */
export function nearestWord(word: string, known: Iterable<string>): string | undefined {
  const limit = Math.round(word.length / 3);
  let nearest: { readonly word: string; readonly distance: number } | undefined;
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) > limit) continue;
    const distance = slips(candidate.toLowerCase(), word.toLowerCase());
    if (distance <= limit && distance < (nearest?.distance ?? Infinity))
      nearest = { word: candidate, distance };
  }
  return nearest?.word;
}

/** The edit distance, in which two letters in each other's place are one slip. */
function slips(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  const swapped = a.slice(0, at) + a.charAt(at + 1) + a.charAt(at) + a.slice(at + 2);
  return swapped === b && a !== b ? 1 : leven(a, b);
}

/** `; did you mean "x"?` for the end of a sentence, or nothing. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const nearest = nearestWord(word, known);
  return nearest === undefined ? '' : `; did you mean "${nearest}"?`;
}

import leven from 'leven';

/** `; did you mean "x"?` where one of the known words is near enough to be meant, else nothing. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const limit = Math.floor(word.length / 3);
  let nearest: { readonly word: string; readonly distance: number } | undefined;
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) > limit) continue;
    const distance = leven(candidate.toLowerCase(), word.toLowerCase());
    if (distance <= limit && distance < (nearest?.distance ?? Infinity))
      nearest = { word: candidate, distance };
  }
  return nearest === undefined ? '' : `; did you mean "${nearest.word}"?`;
}

/** What a list of completions has room for: a description up to a semicolon, and without brackets at its end. */
export function brief(description: string): string {
  return description.replace(/;.*/, '').replace(/(?: \([^()]*\))+$/, '');
}

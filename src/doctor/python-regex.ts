/**
 * Whether Python's `re` takes this for a regular expression, as far as the two languages agree: names of groups and
 * flags in front are put as JavaScript writes them, and what only Python has (comments, conditions) counts as one.
 */
export function isPythonRegex(text: string): boolean {
  if (/\(\?(?:#|\()/.test(text)) return true;
  const translated = text
    .replace(/^\(\?[aiLmsux]+\)/, '')
    .replaceAll('(?P<', '(?<')
    .replace(/\(\?P=(\w+)\)/g, '\\k<$1>');
  try {
    return new RegExp(translated) instanceof RegExp;
  } catch {
    return false;
  }
}

import { dirname, join, basename } from 'node:path';

/**
 * The files that a path with `*` and `?` stands for, in the order of their names; one without them stands for itself.
 * A name that begins with a dot is meant only where the pattern says so, as in a shell.
 */
export async function expandGlob(
  pattern: string,
  namesIn: (folder: string) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  if (!isGlob(pattern)) return [pattern];
  const [folder, last] = [dirname(pattern), basename(pattern)];
  const folders = await expandGlob(folder, namesIn);
  const name = new RegExp(
    `^${last.startsWith('.') ? '' : '(?!\\.)'}${last.replace(/[\\^$.*+?()[\]{}|]/g, asRegExp)}$`,
    'su',
  );
  const found = folders.map(async (one) => {
    const names = isGlob(last) ? (await namesIn(one)).filter((other) => name.test(other)) : [last];
    return names.map((other) => join(one, other));
  });
  return (await Promise.all(found)).flat();
}

function isGlob(path: string): boolean {
  return /[*?]/.test(path);
}

function asRegExp(character: string): string {
  return character === '*' ? '.*' : character === '?' ? '.' : `\\${character}`;
}

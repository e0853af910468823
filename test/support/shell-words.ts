/**
 * The keystone-ldap command lines in lines for a POSIX shell, split into words: lines that end in a backslash go on, and
 * a pipe, a redirection, a bracket or the end of a line ends a command.
 */
export function commandLines(lines: readonly string[]): readonly (readonly string[])[] {
  const text = lines.join('\n').replaceAll('\\\n', ' ');
  return text
    .split('\n')
    .flatMap((line) =>
      [...line.matchAll(/(?:^|[\s|(;&])keystone-ldap(?= |$|\))((?:'[^']*'|"[^"]*"|[^|<>()#;&'"])*)/g)].map(
        ([, rest = '']) =>
          [...rest.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) => word.replace(/['"]/g, '')),
      ),
    );
}

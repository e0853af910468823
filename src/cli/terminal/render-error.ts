import { Chalk } from 'chalk';
import { KeystoneLdapError, type Problem } from '../../errors.ts';

/** The words for a failure; anything but our own error is a bug and shows its stack. */
export function renderError(
  error: unknown,
  options: { readonly colour: boolean; readonly debug: boolean },
): string {
  const paint = new Chalk({ level: options.colour ? 1 : 0 });
  const lines: string[] = [];
  if (error instanceof KeystoneLdapError) {
    lines.push(`${paint.red('error')}: ${error.message}`);
    lines.push(...error.problems.map((problem) => `  ${renderProblem(problem)}`));
    if (error.hint !== undefined) lines.push(`${paint.cyan('hint')}: ${error.hint}`);
  } else {
    lines.push(`${paint.red('unexpected error')}: ${error instanceof Error ? error.message : String(error)}`);
    lines.push('This is a bug in keystone-ldap; please report it with the lines below.');
  }
  if (options.debug || !(error instanceof KeystoneLdapError)) lines.push(...stacks(error));
  return `${lines.join('\n')}\n`;
}

/** `file:line:column: what is wrong`, as compilers print it. */
function renderProblem({ file, line, column, message }: Problem): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  return place === '' ? message : `${place}: ${message}`;
}

function stacks(error: unknown): string[] {
  const found: string[] = [];
  for (let at = error; at instanceof Error; at = at.cause) found.push(at.stack ?? at.message);
  return found;
}

import { KeystoneLdapError } from '../../errors.ts';

/** @throws `USAGE` for an empty COMMAND, and for a flag that does not go with one */
export function requireUsage(
  words: readonly string[] | undefined,
  { json = false, detach = false }: { readonly json?: boolean; readonly detach?: boolean },
): void {
  if (words === undefined) return;
  if ((words[0] ?? '') === '')
    throw new KeystoneLdapError('USAGE', 'No COMMAND follows "--".', {
      hint: 'Leave "--" out to have the server stay until Ctrl-C.',
    });
  if (detach)
    throw new KeystoneLdapError('USAGE', '--detach and a COMMAND cannot be given together.', {
      hint: 'With a COMMAND the server ends with it; without one, --detach leaves it behind.',
    });
  if (json)
    throw new KeystoneLdapError('USAGE', '--json and a COMMAND cannot be given together.', {
      hint: 'The output is that of the COMMAND, which finds how to connect in KEYSTONE_LDAP_URI and the like.',
    });
}

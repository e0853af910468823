import type { ClientKind } from '../../releases/client-kind.ts';
import { grantsInSql } from './grants-in-sql.ts';
import type { Identities } from '../identities.ts';
import { formatShellCommands, sqlCommands } from './keystone-manage-commands.ts';
import { keystoneScript } from './keystone-script.ts';
import { openstackScript } from './openstack-script.ts';
import type { ClientScriptOptions, ScriptContent } from './script-content.ts';
import { shellWord } from '../../shell-word.ts';
import { EMPTY_SQL_PART, type SqlPart } from './sql-part.ts';
import { undoable } from './undoable.ts';

/**
 * A script for a POSIX shell that has a release's own client bring into SQL what LDAP does not hold, `undefined` where
 * there is nothing. The directory must be seeded and Keystone must read it before. But for `keystone-manage`, which
 * adds its rows anew each time, the script may be run again: it adds what is missing. What the client cannot do, the
 * script says when it is run. It may hold passwords and secrets in clear text: keep it from others' eyes.
 */
export function clientScript(
  left: Identities,
  sql: SqlPart | undefined,
  client: ClientKind,
  options: ClientScriptOptions = {},
): string | undefined {
  const part = sql ?? EMPTY_SQL_PART;
  const memberRole = client.kind === 'keystone-manage' ? undefined : client.memberRole;
  const inSql = grantsInSql(left, part, { users: options.users ?? [], memberRole });
  const content = { domains: left.domains, tenants: left.tenants, sql: part, options, ...inSql };
  const lines = linesFor(client, content);
  const notes = undoable(left, part, client).map((note) => `echo ${shellWord(`Not done: ${note}`)} >&2`);
  if (lines === undefined && notes.length === 0) return undefined;
  return [lines?.trimEnd() ?? '#!/bin/sh', ...notes, ''].join('\n');
}

function linesFor(client: ClientKind, content: ScriptContent): string | undefined {
  switch (client.kind) {
    case 'keystone-manage': {
      const commands = sqlCommands(content.sql, { ...content.options, style: client.style });
      return commands.length === 0 ? undefined : formatShellCommands(commands);
    }
    case 'keystone':
      return keystoneScript(content, client);
    case 'openstack':
      return openstackScript(content, client);
  }
}

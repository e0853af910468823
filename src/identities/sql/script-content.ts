import type { GrantsInSql } from './grants-in-sql.ts';
import type { Identities, User } from '../identities.ts';
import type { CommandOptions } from './keystone-manage-commands.ts';
import type { SqlPart } from './sql-part.ts';

export interface ClientScriptOptions extends CommandOptions {
  /** The users in LDAP: their default tenants give access, and bootstrap needs the password of its own. */
  readonly users?: readonly User[];
  /** The name of the domain whose users and groups are in LDAP; `Default` if left out. */
  readonly domain?: string;
  /** The name of the domain of the projects; `Default` if left out. */
  readonly projectDomain?: string;
}

/** What a script is to bring into SQL. */
export interface ScriptContent extends GrantsInSql {
  readonly domains: Identities['domains'];
  readonly tenants: Identities['tenants'];
  readonly sql: SqlPart;
  readonly options: ClientScriptOptions;
}

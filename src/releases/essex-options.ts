import { LDAP_OPTIONS } from './ldap-options.ts';
import { isRegistered } from './option-history.ts';

/** What Essex reads in each section besides `[DEFAULT]`, its point releases included. */
export const ESSEX_OPTIONS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    sql: ['connection', 'idle_timeout'],
    ldap: LDAP_OPTIONS.filter(
      (history) => isRegistered(history, '2012.1') || history.backports['2012.1'] !== undefined,
    ).map(({ name }) => name),
    identity: ['driver'],
    catalog: ['driver', 'template_file'],
    policy: ['driver'],
    token: ['driver', 'expiration'],
    memcache: ['servers'],
    ec2: ['driver'],
  }),
);

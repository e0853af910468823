import { execFile } from 'node:child_process';
import { hostname } from 'node:os';
import { promisify } from 'node:util';

/**
 * The name by which libldap knows this machine: that of its address, as in the first name of a line of /etc/hosts, else its host
 * name (`ldap_pvt_get_fqdn`). Node looks up addresses only, so that `getent` is asked.
 */
export async function machineName(): Promise<string> {
  const name = hostname();
  try {
    const { stdout } = await promisify(execFile)('getent', ['ahostsv4', name], { timeout: PATIENCE_MS });
    return /^\S+\s+STREAM\s+(\S+)/m.exec(stdout)?.[1] ?? name;
  } catch {
    return name;
  }
}

const PATIENCE_MS = 5000;

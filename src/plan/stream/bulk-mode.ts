import { childDn, isWithin, parentDn } from '../../directory/dn.ts';
import { valuesOf } from '../../directory/entry.ts';
import type { Session } from '../../directory/session.ts';
import { KeystoneLdapError } from '../../errors.ts';
import { observeDatabases, suffixFor } from '../access/observe-databases.ts';
import { namingContexts } from '../plan-trees.ts';

export interface BulkModePorts {
  readonly directory: Session;
  readonly openConfig: () => Promise<Session>;
}

const MARKER = 'keystone-ldap-bulk';
const ENV_FLAGS = 'olcDbEnvFlags';
/** In the marker, where there were no flags. */
const UNSET = 'unset';
const SAID = `${ENV_FLAGS} was `;

/**
 * Runs a task while back-mdb does not wait for the disk at each write (`nosync`), and writes into its map instead of
 * calling the kernel for each page (`writemap`, for which slapd opens the database anew). A crash of slapd then loses
 * nothing, since the kernel has the writes; one of the machine could damage the database. Before the switch an entry is
 * written that says how it was, so that the next run can put it back where this one was killed. At the switch back slapd
 * opens the database anew, and flushes all of it first; deleting the entry is one more write that LMDB waits for.
 * @param dn the tree that is written to
 * @throws `USAGE` where cn=config cannot be reached, or has no such switch for this database
 */
export async function inBulkMode<T>(ports: BulkModePorts, dn: string, task: () => Promise<T>): Promise<T> {
  const marker = await markerFor(ports.directory, dn);
  const { database, flags, isUnsynced } = await readFlags(ports, dn);
  // Somebody has decided so already, and it is not ours to change.
  if (isUnsynced) return await task();
  await ports.directory.add({
    dn: marker,
    attributes: {
      objectClass: ['device'],
      cn: [MARKER],
      description: [`${SAID}${flags.join(' ') || UNSET}`],
    },
  });
  const restore = async (): Promise<void> => {
    await setFlags(ports, database, flags);
    await ports.directory.delete(marker);
  };
  let result: T;
  try {
    await setFlags(ports, database, [...new Set([...flags, 'nosync', 'writemap'])]);
    result = await task();
  } catch (error) {
    // What went wrong first counts; the next run puts back what could not be.
    await restore().catch(() => undefined);
    throw error;
  }
  await restore();
  return result;
}

/**
 * Puts back what a run has left that was killed in bulk mode.
 * @returns what was done, or has to be, in a sentence; `undefined` where no run has left anything
 */
export async function recoverBulkMode(ports: BulkModePorts, dn: string): Promise<string | undefined> {
  const marker = await markerFor(ports.directory, dn);
  const left = await ports.directory.read(marker, ['description']);
  if (left === undefined) return undefined;
  const before = valuesOf(left, 'description')[0]?.replace(SAID, '') ?? UNSET;
  try {
    const { database } = await readFlags(ports, dn);
    await setFlags(ports, database, before === UNSET ? [] : before.split(' '));
    await ports.directory.delete(marker);
    return `remark: a run with --bulk was killed; ${ENV_FLAGS} of ${database} is as it was before (${before})`;
  } catch (error) {
    if (!(error instanceof KeystoneLdapError)) throw error;
    return `warning: a run with --bulk was killed, and ${ENV_FLAGS} may still have nosync (it was ${before}): run the command with access to cn=config; ${error.message}`;
  }
}

async function markerFor(directory: Session, dn: string): Promise<string> {
  const contexts = await namingContexts(directory);
  const suffix = suffixFor(dn, contexts) ?? contexts.find((context) => isWithin(dn, context)) ?? parentDn(dn);
  return childDn('cn', MARKER, suffix);
}

interface Found {
  readonly database: string;
  readonly flags: readonly string[];
  /** Whether it does not wait for the disk as it is. */
  readonly isUnsynced: boolean;
}

async function readFlags({ openConfig }: BulkModePorts, dn: string): Promise<Found> {
  await using config = await openConfig().catch((error: unknown) => {
    throw refusal('cn=config cannot be reached', error);
  });
  const { databases } = await observeDatabases(config).catch((error: unknown) => {
    throw refusal('cn=config cannot be read', error);
  });
  const suffix = suffixFor(
    dn,
    databases.flatMap(({ suffixes }) => suffixes),
  );
  const database = databases.find(({ suffixes }) => suffix !== undefined && suffixes.includes(suffix))?.dn;
  if (database === undefined) throw refusal(`cn=config shows no database that holds ${dn}`);
  if (!/^olcDatabase=(?:\{\d+\})?mdb,/i.test(database)) throw refusal(`${database} is no back-mdb`);
  const entry = (await config.read(database, ['olcDbNoSync', ENV_FLAGS])) ?? { dn: database, attributes: {} };
  const flags = valuesOf(entry, ENV_FLAGS);
  return {
    database,
    flags,
    isUnsynced: valuesOf(entry, 'olcDbNoSync')[0] === 'TRUE' || flags.join(' ').split(' ').includes('nosync'),
  };
}

async function setFlags(
  { openConfig }: BulkModePorts,
  database: string,
  values: readonly string[],
): Promise<void> {
  await using config = await openConfig();
  await config.modify(database, [{ operation: 'replace', attribute: ENV_FLAGS, values }]);
}

function refusal(why: string, cause?: unknown): KeystoneLdapError {
  return new KeystoneLdapError('USAGE', `--bulk cannot be used: ${why}.`, {
    hint: "Give access to cn=config with --config-uri (ldapi:/// as root, on the server's machine), or leave out --bulk.",
    cause,
  });
}

import { childDn, isWithin, parentDn } from '../../directory/dn.ts';
import { valuesOf } from '../../directory/entry.ts';
import type { Session } from '../../directory/session.ts';
import { KeystoneLdapError } from '../../errors.ts';
import { observeDatabases, suffixFor } from '../observe-databases.ts';
import { namingContexts } from '../plan-trees.ts';

export interface BulkModePorts {
  readonly directory: Session;
  readonly openConfig: () => Promise<Session>;
}

const ATTRIBUTE = 'olcDbNoSync';
const MARKER = 'keystone-ldap-bulk';
const UNSET = 'unset';

/**
 * Runs a task while back-mdb does not wait for the disk at each write (`olcDbNoSync`). A crash of slapd loses nothing, since
 * the kernel has the writes; one of the machine could damage the database. Before the switch an entry is written that
 * says how it was, so that the next run can put it back where this one was killed. After the switch back that entry is
 * deleted: a write that LMDB waits for, and with it for all that went before (it flushes the whole file).
 * @param dn the tree that is written to
 * @throws `USAGE` where cn=config cannot be reached, or has no such switch for this database
 */
export async function inBulkMode<T>(ports: BulkModePorts, dn: string, task: () => Promise<T>): Promise<T> {
  const marker = await markerFor(ports.directory, dn);
  const { database, before } = await readSwitch(ports, dn);
  // Somebody has decided so already, and it is not ours to change.
  if (before === 'TRUE') return await task();
  await ports.directory.add({
    dn: marker,
    attributes: { objectClass: ['device'], cn: [MARKER], description: [`${ATTRIBUTE} was ${before}`] },
  });
  try {
    await setSwitch(ports, database, 'TRUE');
    return await task();
  } finally {
    await setSwitch(ports, database, before);
    await ports.directory.delete(marker);
  }
}

/**
 * Puts back what a run has left that was killed in bulk mode.
 * @returns what was done, or has to be, in a sentence; `undefined` where no run has left anything
 */
export async function recoverBulkMode(ports: BulkModePorts, dn: string): Promise<string | undefined> {
  const marker = await markerFor(ports.directory, dn);
  const left = await ports.directory.read(marker, ['description']);
  if (left === undefined) return undefined;
  const before = valuesOf(left, 'description')[0]?.replace(`${ATTRIBUTE} was `, '') ?? UNSET;
  try {
    const { database } = await readSwitch(ports, dn);
    await setSwitch(ports, database, before);
    await ports.directory.delete(marker);
    return `remark: a run with --bulk was killed; ${ATTRIBUTE} of ${database} is as it was before (${before})`;
  } catch (error) {
    if (!(error instanceof KeystoneLdapError)) throw error;
    return `warning: a run with --bulk was killed, and ${ATTRIBUTE} may still be TRUE (it was ${before}): run the command with access to cn=config; ${error.message}`;
  }
}

async function markerFor(directory: Session, dn: string): Promise<string> {
  const contexts = await namingContexts(directory);
  const suffix = suffixFor(dn, contexts) ?? contexts.find((context) => isWithin(dn, context)) ?? parentDn(dn);
  return childDn('cn', MARKER, suffix);
}

async function readSwitch(
  { openConfig }: BulkModePorts,
  dn: string,
): Promise<{ readonly database: string; readonly before: string }> {
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
  const entry = await config.read(database, [ATTRIBUTE]);
  return { database, before: entry === undefined ? UNSET : (valuesOf(entry, ATTRIBUTE)[0] ?? UNSET) };
}

async function setSwitch({ openConfig }: BulkModePorts, database: string, value: string): Promise<void> {
  await using config = await openConfig();
  const values = value === UNSET ? [] : [value];
  await config.modify(database, [{ operation: 'replace', attribute: ATTRIBUTE, values }]);
}

function refusal(why: string, cause?: unknown): KeystoneLdapError {
  return new KeystoneLdapError('USAGE', `--bulk cannot be used: ${why}.`, {
    hint: "Give access to cn=config with --config-uri (ldapi:/// as root, on the server's machine), or leave out --bulk.",
    cause,
  });
}

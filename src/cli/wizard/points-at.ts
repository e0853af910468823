import { valuesOf } from '../../directory/entry.ts';
import { readBackends } from '../../doctor/backend.ts';
import { reachBackend } from '../../doctor/reach-backend.ts';
import { readKeystoneFiles, type KeystoneSource } from '../../doctor/keystone-files.ts';
import { KeystoneLdapError } from '../../errors.ts';
import type { Release } from '../../releases/release.ts';
import type { Io } from '../terminal/io.ts';
import { addressOf } from '../inputs/address-of.ts';
import type { FoundConf } from '../inputs/find-conf.ts';
import { PATIENCE, type SeenServer } from './look-at-server.ts';

export interface Viewpoint {
  readonly release: Release;
  readonly io: Io;
}

/**
 * Whether Keystone uses this server: by its address, or because Keystone's account finds the same entry there. A socket
 * and a port have no address in common; a replica is as good, as it answers the same.
 */
export async function pointsAt(
  { file, url }: FoundConf,
  { uri, userTree }: SeenServer,
  viewpoint: Viewpoint,
): Promise<boolean> {
  if (url === undefined) return false;
  if (url.split(',').some((one) => addressOf(one) === addressOf(uri))) return true;
  try {
    return userTree !== undefined && (await uuidAsKeystone(file, userTree.dn, viewpoint)) === userTree.uuid;
  } catch (error) {
    if (!(error instanceof KeystoneLdapError) || error.code === 'CANCELLED') throw error;
    return false;
  }
}

async function uuidAsKeystone(
  path: string,
  dn: string,
  { release, io }: Viewpoint,
): Promise<string | undefined> {
  const source: KeystoneSource = { files: [path] };
  const [reading] = readBackends(await readKeystoneFiles(source, release), source);
  if (reading?.backend === undefined) return undefined;
  const limits = { signal: io.signal, timeoutMs: PATIENCE * 1000 };
  const { session } = await reachBackend(reading.backend, limits);
  if (session === undefined) return undefined;
  await using opened = session;
  const entry = await opened.read(dn, ['entryUUID']);
  return entry && valuesOf(entry, 'entryUUID')[0];
}

import { legacyServerOf } from '../../doctor/backend.ts';
import { connectAsKeystone } from '../../doctor/connect-as-keystone.ts';
import { releasesOfTree } from '../../doctor/other-revision.ts';
import { KeystoneLdapError } from '../../errors.ts';
import type { ConfDocument } from '../../keystone-conf/document/document.ts';
import { readLegacyConf } from '../../keystone-conf/legacy/read-legacy-conf.ts';
import type { Release } from '../../releases/release.ts';
import type { Io } from '../terminal/io.ts';

/** A guess is not worth a longer wait. */
const PATIENCE_MS = 5000;

/**
 * The releases of 2011 that could have made the users where this file looks for them; `undefined` where the file, the
 * server or the tree does not tell.
 */
export async function releasesByUsers(
  doc: ConfDocument,
  release: Release,
  io: Io,
): Promise<readonly string[] | undefined> {
  if (release.conf.kind !== 'legacy') return undefined;
  const reading = readLegacyConf(doc, release.conf);
  if (reading.problems !== undefined) return undefined;
  const { conf } = reading;
  try {
    const limits = { signal: io.signal, timeoutMs: PATIENCE_MS };
    const { session } = await connectAsKeystone(legacyServerOf(conf), doc.file ?? 'keystone.conf', limits);
    if (session === undefined) return undefined;
    await using opened = session;
    return await releasesOfTree(opened, conf.trees);
  } catch (error) {
    if (error instanceof KeystoneLdapError && error.code !== 'CANCELLED') return undefined;
    throw error;
  }
}

import { join } from 'node:path';
import { readBytesIfPresent } from '../../files.ts';
import { OSLO_CONFIG } from '../../keystone-conf/conf-dialect.ts';
import { detectLegacyRelease } from '../../keystone-conf/detect-legacy-release.ts';
import { parseConf } from '../../keystone-conf/document.ts';
import { guessModernRelease } from '../../keystone-conf/guess-modern-release.ts';
import { optionValue } from '../../keystone-conf/option-value.ts';
import type { Io } from '../io.ts';
import { isOfLaterRelease } from '../resolve-conf-release.ts';

export interface FoundConf {
  readonly path: string;
  /** The server that it names, if any. */
  readonly url: string | undefined;
  /** The release that a file of 2011 tells, or the newest that reads the options of a later one. */
  readonly release: string | undefined;
  readonly isModern: boolean;
}

/** keystone.conf where it was said to be, else where Keystone looks for it. */
export async function findConf(given: string | undefined, env: Io['env']): Promise<FoundConf | undefined> {
  for (const path of given === undefined ? usualPlaces(env) : [given]) {
    const bytes = await readBytesIfPresent(path).catch(() => undefined);
    if (bytes !== undefined) return describe(path, bytes);
  }
  return undefined;
}

/** Those of oslo.config, and the file here first. */
function usualPlaces({ HOME: home }: Io['env']): readonly string[] {
  const folders = ['', ...(home ? [join(home, '.keystone'), home] : []), '/etc/keystone', '/etc'];
  return folders.map((folder) => join(folder, 'keystone.conf'));
}

function describe(path: string, bytes: Buffer): FoundConf {
  const old = parseConf(bytes, path);
  const isModern = isOfLaterRelease(old);
  const doc = isModern ? parseConf(bytes, path, OSLO_CONFIG) : old;
  if (doc.problems.length > 0) return { path, isModern, url: undefined, release: undefined };
  return {
    path,
    isModern,
    url: isModern ? optionValue(doc, 'ldap', 'url') : optionValue(doc, 'keystone.backends.ldap', 'ldap_url'),
    release: isModern ? guessModernRelease(doc) : detectLegacyRelease(doc)?.candidates[0],
  };
}

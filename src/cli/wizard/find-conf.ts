import { join } from 'node:path';
import { readBytesIfPresent } from '../../files.ts';
import { detectLegacyRelease } from '../../keystone-conf/detect-legacy-release.ts';
import { parseConf, type ConfDocument } from '../../keystone-conf/document.ts';
import { optionValue } from '../../keystone-conf/option-value.ts';
import type { Io } from '../io.ts';

export interface FoundConf {
  readonly path: string;
  /** The server that it names, if any. */
  readonly url: string | undefined;
  /** The release that a file of 2011 tells; one of Essex or later tells none. */
  readonly release: string | undefined;
  readonly isModern: boolean;
}

/** keystone.conf where it was said to be, else where Keystone looks for it. */
export async function findConf(given: string | undefined, env: Io['env']): Promise<FoundConf | undefined> {
  for (const path of given === undefined ? usualPlaces(env) : [given]) {
    const bytes = await readBytesIfPresent(path).catch(() => undefined);
    if (bytes !== undefined) return describe(path, parseConf(bytes, path));
  }
  return undefined;
}

/** Those of oslo.config, and the file here first. */
function usualPlaces({ HOME: home }: Io['env']): readonly string[] {
  const folders = ['', ...(home ? [join(home, '.keystone'), home] : []), '/etc/keystone', '/etc'];
  return folders.map((folder) => join(folder, 'keystone.conf'));
}

function describe(path: string, doc: ConfDocument): FoundConf {
  const isReadable = doc.problems.length === 0;
  const isModern = doc.sections.some(
    ({ name }) => name === 'identity' || name === 'ldap' || name === 'token',
  );
  return {
    path,
    isModern,
    url: isReadable
      ? (optionValue(doc, 'keystone.backends.ldap', 'ldap_url') ?? optionValue(doc, 'ldap', 'url'))
      : undefined,
    release: isReadable && !isModern ? detectLegacyRelease(doc)?.candidates[0] : undefined,
  };
}

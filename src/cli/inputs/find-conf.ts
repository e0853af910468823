import { join } from 'node:path';
import { readBytesIfPresent } from '../../files.ts';
import { OSLO_CONFIG } from '../../keystone-conf/document/conf-dialect.ts';
import { confSign } from '../../keystone-conf/conf-sign.ts';
import { parseConf } from '../../keystone-conf/document/document.ts';
import { optionValue } from '../../keystone-conf/document/option-value.ts';
import type { ToldByConf } from '../../releases/choose-release.ts';
import type { Io } from '../terminal/io.ts';

export interface FoundConf extends ToldByConf {
  /** The server that it names, if any. */
  readonly url: string | undefined;
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

function describe(file: string, bytes: Buffer): FoundConf {
  const old = parseConf(bytes, file);
  const sign = confSign(old);
  const doc = sign.kind === 'modern' ? parseConf(bytes, file, OSLO_CONFIG) : old;
  if (doc.problems.length > 0) return { ...sign, file, url: undefined };
  const [section, option] = sign.kind === 'modern' ? ['ldap', 'url'] : ['keystone.backends.ldap', 'ldap_url'];
  return { ...sign, file, url: optionValue(doc, section, option) };
}

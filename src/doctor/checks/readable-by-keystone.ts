import { shellWord } from '../../shell-word.ts';
import { dirname } from 'node:path';
import { realpathIfPresent } from '../../files.ts';
import { optionValue } from '../../keystone-conf/document/option-value.ts';
import type { ConfDocument } from '../../keystone-conf/document/document.ts';
import type { Finding } from '../finding.ts';
import type { KeystoneFiles } from '../keystone-files.ts';
import { findKeystoneUser, unreadableFor } from '../keystone-user.ts';
import type { FilesCheck } from './check.ts';

/** Whether Keystone itself can read what we, who may be root, have read. */
export const readableByKeystone: FilesCheck = async function* (files) {
  const [conf = ''] = files.mainPaths;
  const user = await findKeystoneUser(conf);
  if (user === undefined) return;
  const needed = await neededPaths(files);
  const unreadable = await unreadableFor(user, [...needed.keys()]);
  for (const path of unreadable) {
    // Below a folder that is closed nothing can be read.
    if (unreadable.includes(dirname(path))) continue;
    yield {
      code: 'KEYSTONE_CANNOT_READ',
      severity: 'error',
      subject: path,
      message: `Keystone, which reads ${conf} as ${user.name}, has no right to read it: ${needed.get(path) ?? ''}`,
      remedy: `Run "chgrp --reference=${shellWord(conf)} ${shellWord(path)}" and "chmod g+rX ${shellWord(path)}", and see that the folders above can be entered.`,
    } satisfies Finding;
  }
};

/** The files and folders that Keystone reads, each with what happens if it cannot. */
async function neededPaths({
  main,
  mainPaths,
  domains,
}: KeystoneFiles): Promise<ReadonlyMap<string, string>> {
  const needed = new Map<string, string>();
  for (const path of mainPaths.slice(1)) needed.set(path, 'it does not start');
  if (domains?.exists === true) {
    needed.set(domains.dir, 'it passes over the folder silently, and the domains get the default driver');
    for (const { path } of domains.files) {
      const folder = dirname(path);
      if (!needed.has(folder)) needed.set(folder, 'it passes over the folder silently');
      needed.set(path, 'it fails as soon as it loads the domain');
    }
  }
  const docs = [main, ...(domains?.files ?? []).map(({ doc }) => doc)];
  for (const path of docs.flatMap(authoritiesOf))
    if ((await realpathIfPresent(path)) !== undefined) needed.set(path, 'it cannot connect with TLS');
  return needed;
}

function authoritiesOf(doc: ConfDocument): readonly string[] {
  if (doc.problems.length > 0) return [];
  return ['tls_cacertfile', 'tls_cacertdir'].flatMap((option) => optionValue(doc, 'ldap', option) || []);
}

import { hardLinksOf } from '../files.ts';
import { pythonOf, undecodableLines } from '../keystone-conf/python-3-start.ts';
import { findInCatalogue } from '../releases/catalogue.ts';
import type { Release } from '../releases/release.ts';
import { isChanged } from './is-changed.ts';
import type { ConfNote, FilePlan } from './plan-conf.ts';

/** What is to be known of the files themselves before they are replaced. */
export async function notesOfFiles(
  files: readonly FilePlan[],
  { name }: Pick<Release, 'name'>,
): Promise<readonly ConfNote[]> {
  const entry = findInCatalogue(name);
  const decodes = entry !== undefined && pythonOf(entry.name) !== '2';
  const notes = await Promise.all(
    files.map(async (file) => [...(decodes ? notText(file) : []), ...(await otherNames(file))]),
  );
  return notes.flat();
}

function notText({ before, path }: FilePlan): readonly ConfNote[] {
  return undecodableLines(before).map(({ line }) => ({
    code: 'CONF_NOT_UTF8',
    message: 'a byte here is not UTF-8; Keystone on Python 3 does not start with it, even in a comment',
    file: path,
    line,
  }));
}

async function otherNames(file: FilePlan): Promise<readonly ConfNote[]> {
  const { path, bytes } = file;
  const others = bytes === undefined || !isChanged(file) ? 0 : (await hardLinksOf(path)) - 1;
  if (others < 1) return [];
  const names = others === 1 ? 'another name, which keeps' : `${others} other names, which keep`;
  return [{ code: 'HARD_LINKS', message: `${path} has ${names} the previous content (hard links)` }];
}

import { hardLinksOf } from '../../files.ts';
import { readHashOption } from '../../keystone-conf/legacy/hash-option.ts';
import { pythonOf, undecodableLines } from '../../keystone-conf/modern/python-3-start.ts';
import { findInCatalogue } from '../../releases/catalogue.ts';
import type { LegacyConfStyle, Release } from '../../releases/release.ts';
import { isChanged } from './is-changed.ts';
import type { ConfNote, FilePlan } from './conf-plan.ts';

/** What is to be known of the files themselves before they are replaced. */
export async function notesOfFiles(
  files: readonly FilePlan[],
  { name, conf }: Pick<Release, 'name'> & { readonly conf?: Release['conf'] },
): Promise<readonly ConfNote[]> {
  const entry = findInCatalogue(name);
  const decodes = entry !== undefined && pythonOf(entry.name) !== '2';
  const notes = await Promise.all(
    files.map(async (file) => [...(decodes ? notText(file) : []), ...(await otherNames(file))]),
  );
  const [main] = files;
  const ofMain = main !== undefined && conf?.kind === 'legacy' ? hashingOff(main, conf) : [];
  return [...notes.flat(), ...ofMain];
}

function notText({ before, path }: FilePlan): readonly ConfNote[] {
  return undecodableLines(before).map(({ line }) => ({
    code: 'CONF_NOT_UTF8',
    message: 'a byte here is not UTF-8; Keystone on Python 3 does not start with it, even in a comment',
    file: path,
    line,
  }));
}

/** What is written to the directory with hashes then lets nobody in. */
function hashingOff({ after, path }: FilePlan, conf: LegacyConfStyle): readonly ConfNote[] {
  if (readHashOption(after, conf)?.isOn !== false) return [];
  const option = conf.hashOption ?? '';
  const message = `[DEFAULT] ${option} is not True: Keystone compares passwords as text, and no hash that "keystone-ldap seed" or Keystone stored fits any`;
  return [{ code: 'HASH_PASSWORD_OFF', message, file: path }];
}

async function otherNames(file: FilePlan): Promise<readonly ConfNote[]> {
  const { path, bytes } = file;
  const others = bytes === undefined || !isChanged(file) ? 0 : (await hardLinksOf(path)) - 1;
  if (others < 1) return [];
  const names = others === 1 ? 'another name, which keeps' : `${others} other names, which keep`;
  return [{ code: 'HARD_LINKS', message: `${path} has ${names} the previous content (hard links)` }];
}

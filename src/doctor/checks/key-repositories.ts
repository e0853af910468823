import { shellWord } from '../../shell-word.ts';
import { dirname, join, resolve } from 'node:path';
import { KeystoneLdapError } from '../../errors.ts';
import { filesBelow, permissionsOf, readBytesIfPresent } from '../../files.ts';
import { optionValue } from '../../keystone-conf/document/option-value.ts';
import type { Finding } from '../finding.ts';
import type { KeystoneFiles } from '../keystone-files.ts';
import { serviceOptions } from '../service-options.ts';
import type { FilesCheck } from './check.ts';

const OTHERS_ENTER = 0o005;

/** The folders with the Fernet keys, of tokens and of what is stored for users. */
const REPOSITORIES = [
  { section: 'fernet_tokens', user: 'token', setup: 'fernet_setup', without: 'it can issue no token' },
  {
    section: 'credential',
    user: 'credential',
    setup: 'credential_setup',
    without: 'credentials are encrypted with a key that everybody knows',
  },
] as const;

/** Whether Keystone has its keys, where this is its machine. */
export const keyRepositories: FilesCheck = async function* (files) {
  const read = serviceOptions(files);
  if (read === undefined) return;
  const all = REPOSITORIES.map((one) => ({
    ...one,
    folder: String(read(one.section, 'key_repository') ?? ''),
    isUsed: String(read(one.user, 'provider') ?? '').includes('fernet'),
  }));
  const [tokens, credentials] = all;
  if (tokens !== undefined && resolve(tokens.folder) === resolve(credentials?.folder ?? ''))
    yield {
      code: 'KEYS_SHARED',
      severity: 'warning',
      subject: tokens.folder,
      message:
        'tokens and stored credentials are encrypted with the same keys; when those of tokens are rotated away, the credentials are lost',
      remedy:
        'Decide on a folder of its own for [credential] key_repository; credentials that are stored must be encrypted anew with its keys (keystone-manage credential_migrate).',
    };
  for (const { section, folder, isUsed, setup, without } of all)
    if (isUsed && isOfThisMachine(files, section, folder))
      yield* findingsIn(folder, {
        without,
        remedy: `Decide whether the folder is the right one; then keystone-manage ${setup}, as Keystone's user, makes keys.`,
      });
};

/** The default says nothing of a keystone.conf that was copied here. */
function isOfThisMachine({ main, mainPaths }: KeystoneFiles, section: string, folder: string): boolean {
  return (
    optionValue(main, section, 'key_repository') !== undefined ||
    mainPaths.some((path) => dirname(resolve(path)) === dirname(resolve(folder)))
  );
}

async function* findingsIn(
  folder: string,
  { without, remedy }: { readonly without: string; readonly remedy: string },
): AsyncGenerator<Finding> {
  const missing = { code: 'KEYS_MISSING', severity: 'warning', subject: folder, remedy } as const;
  try {
    const names = await filesBelow(folder);
    const sizes = (names ?? [])
      .filter((name) => /^\d+$/.test(name))
      .map(async (name) => (await readBytesIfPresent(join(folder, name)))?.length ?? 0);
    const isThere = (await Promise.all(sizes)).some((size) => size > 0);
    if (names === undefined) yield { ...missing, message: `Keystone has no such folder of keys; ${without}` };
    else if (!isThere) yield { ...missing, message: `there is no key in it; ${without}` };
    if (names !== undefined && ((await permissionsOf(folder)) & OTHERS_ENTER) !== 0)
      yield {
        code: 'KEYS_READABLE',
        severity: 'warning',
        subject: folder,
        message:
          'everybody on this machine may enter the folder with the keys; Keystone says so in its log only',
        remedy: `Run "chmod o-rwx ${shellWord(folder)}".`,
      };
  } catch (error) {
    if (!(error instanceof KeystoneLdapError)) throw error;
    const message = "who runs this may not read it; nothing works if Keystone's user may not either";
    yield { ...missing, severity: 'info', message, remedy: `Run this as Keystone's user. Or: ${remedy}` };
  }
}

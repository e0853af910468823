import fs, {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { replaceFile } from '../../../src/keystone-conf/document/file.ts';

const before = Buffer.from('[a]\nkey = before\n');
const after = Buffer.from('[a]\nkey = after\xff\n', 'latin1');

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'keystone-conf-')));
  path = join(folder, 'keystone.conf');
  await writeFile(path, before);
});

afterEach(() => rm(folder, { recursive: true }));

const modeOf = async (file: string) => ((await stat(file)).mode & 0o777).toString(8);
const entries = async () => (await readdir(folder)).toSorted();

describe('replacing', () => {
  test.each([0o600, 0o640, 0o644, 0o664])(
    'bytes change, mode %o stays, the backup has it too',
    async (mode) => {
      await chmod(path, mode);
      const { uid, gid } = await stat(path);
      const replaced = await replaceFile(path, after, { expected: before, backup: true });
      expect(replaced).toEqual({ path, backup: `${path}.1.bak` });
      expect(await readFile(path)).toEqual(after);
      expect(await readFile(`${path}.1.bak`)).toEqual(before);
      for (const file of [path, `${path}.1.bak`]) {
        expect(await modeOf(file)).toBe(mode.toString(8));
        expect(await stat(file)).toMatchObject({ uid, gid });
      }
      expect(await entries()).toEqual(['keystone.conf', 'keystone.conf.1.bak']);
    },
  );

  test('a further backup takes the next number', async () => {
    await writeFile(`${path}.1.bak`, 'mine');
    const { backup } = await replaceFile(path, after, { expected: before, backup: true });
    expect(backup).toBe(`${path}.2.bak`);
    expect(await readFile(`${path}.1.bak`, 'utf8')).toBe('mine');
  });

  test('a backup needs no hard links, which some file systems lack', async () => {
    const { link } = fs;
    onTestFinished(() => {
      fs.link = link;
      syncBuiltinESMExports();
    });
    fs.link = () => Promise.reject(Object.assign(new Error('no links'), { code: 'EPERM' }));
    syncBuiltinESMExports();
    await writeFile(`${path}.1.bak`, 'mine');
    expect(await replaceFile(path, after, { expected: before, backup: true })).toEqual({
      path,
      backup: `${path}.2.bak`,
    });
    expect(await readFile(`${path}.2.bak`)).toEqual(before);
    expect(await entries()).toEqual(['keystone.conf', 'keystone.conf.1.bak', 'keystone.conf.2.bak']);
  });

  test('without a backup', async () => {
    expect(await replaceFile(path, after, { expected: before, backup: false })).toEqual({ path });
    expect(await entries()).toEqual(['keystone.conf']);
  });

  test('the same bytes are not written', async () => {
    const { ino } = await stat(path);
    expect(await replaceFile(path, before, { expected: before, backup: true })).toEqual({ path });
    expect((await stat(path)).ino).toBe(ino);
    expect(await entries()).toEqual(['keystone.conf']);
  });

  test('a symbolic link stays one, and its file is replaced where it is', async () => {
    await mkdir(join(folder, 'etc'));
    const link = join(folder, 'etc', 'link.conf');
    await symlink('../keystone.conf', link);
    const replaced = await replaceFile(link, after, { expected: before, backup: true });
    expect(replaced).toEqual({ path, backup: `${path}.1.bak` });
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect(await readFile(path)).toEqual(after);
    expect(await readdir(join(folder, 'etc'))).toEqual(['link.conf']);
  });

  test('a new file is for its owner only', async () => {
    const fresh = join(folder, 'fresh.conf');
    expect(await replaceFile(fresh, after, { expected: undefined, backup: true })).toEqual({ path: fresh });
    expect(await readFile(fresh)).toEqual(after);
    expect(await modeOf(fresh)).toBe('600');
    expect(await entries()).toEqual(['fresh.conf', 'keystone.conf']);
  });
});

describe('a file that is not what it was', () => {
  test.each([
    ['changed', 'keystone.conf', Buffer.from('[a]\nkey = other\n')],
    ['already there', 'keystone.conf', undefined],
    ['gone', 'gone.conf', before],
  ])('%s', async (_, name, expected) => {
    await expect(replaceFile(join(folder, name), after, { expected, backup: true })).rejects.toMatchObject({
      code: 'STALE_PLAN',
    });
    expect(await readFile(path)).toEqual(before);
    expect(await entries()).toEqual(['keystone.conf']);
  });
});

describe('a file that cannot be written', () => {
  const reasons: readonly [string, () => Promise<string>, string][] = [
    ['no such folder', () => Promise.resolve(join(folder, 'none', 'x.conf')), 'there is no such directory'],
    ['a folder', () => Promise.resolve(folder), 'it is no regular file'],
    ['below a file', () => Promise.resolve(join(path, 'x.conf')), 'a part of the path is not a directory'],
    [
      'a link to nothing',
      async () => {
        await symlink('nothing', join(folder, 'link'));
        return join(folder, 'link');
      },
      'it is a symbolic link to nothing',
    ],
    [
      'links in a circle',
      async () => {
        await symlink('link', join(folder, 'link'));
        return join(folder, 'link');
      },
      'its symbolic links lead in a circle',
    ],
  ];

  test.each(reasons)('%s', async (_, make, reason) => {
    const bad = await make();
    const names = await entries();
    const replacing = replaceFile(bad, after, { expected: before, backup: true });
    await expect(replacing).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' });
    await expect(replacing).rejects.toThrow(bad);
    await expect(replacing).rejects.toThrow(reason);
    expect(await entries()).toEqual(names);
  });

  test('half-way: nothing has changed and nothing is left behind', async () => {
    const long = join(folder, 'x'.repeat(252)); // its backup's name would have more than 255 bytes
    await writeFile(long, before);
    await expect(replaceFile(long, after, { expected: before, backup: true })).rejects.toMatchObject({
      code: 'FILE_UNWRITABLE',
      message: `Cannot write ${long}: its name, or that of its backup, is too long.`,
    });
    expect(await readFile(long)).toEqual(before);
    expect(await entries()).toEqual(['keystone.conf', 'x'.repeat(252)]);
  });
});

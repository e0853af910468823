import { spawnSync } from 'node:child_process';
import {
  chmod,
  chown,
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
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { replaceFile } from '../../../src/keystone-conf/document/file.ts';
import { asOrdinaryUser } from '../../support/as-ordinary-user.ts';
import { describeLacking, testNeeding } from '../../support/needs/needing.ts';

const SEED = 21;
const before = Buffer.from('before\n');
const after = Buffer.from('after\n');

let folder: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'keystone-rights-')));
});

afterEach(() => rm(folder, { recursive: true }));

function run(program: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
  return stdout;
}

const isRoot = process.geteuid?.() === 0;

/** Whether the programs are there, and the temporary folder is on a file system that has both. */
function canKeepRights(): boolean {
  const script =
    'cd "$(mktemp -d)" && : >f && setfacl -m u:1:r f && setfattr -n user.x -v 1 f && getfacl f && getfattr f';
  return spawnSync('sh', ['-ec', script]).status === 0;
}

const RIGHTS_LACK = canKeepRights()
  ? undefined
  : { 'acl and attr': 'setfacl, getfacl, setfattr or getfattr does not work in the temporary folder.' };

async function rightsOf(path: string): Promise<unknown> {
  const { uid, gid, mode } = await stat(path);
  const acl = run('getfacl', '--omit-header', '--numeric', '--absolute-names', path);
  const attributes = run('getfattr', '--dump', '--match=^user|^security[.]selinux', '--absolute-names', path);
  return { uid, gid, mode, acl, attributes: attributes.split('\n').slice(1) };
}

/** Where root may set them: a label is one attribute more, whether or not SELinux is there to heed it. */
const LABEL = 'system_u:object_r:etc_t:s0';
function canLabel(): boolean {
  const script = `cd "$(mktemp -d)" && : >f && setfattr -n security.selinux -v ${LABEL} f`;
  return spawnSync('sh', ['-ec', script]).status === 0;
}

const permissions = fc.constantFrom('---', 'r--', 'rw-');
const rights = fc.record({
  mode: fc.constantFrom(0o600, 0o640, 0o644, 0o660, 0o664, 0o400),
  owner: isRoot ? fc.constantFrom(0, 1, 65534) : fc.constant(process.getuid?.() ?? 0),
  group: isRoot ? fc.constantFrom(0, 1, 65534) : fc.constant(process.getgid?.() ?? 0),
  acl: fc.option(
    fc.record({ user: permissions, otherGroup: permissions, group: permissions, mask: permissions }),
  ),
  attributes: fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.stringMatching(/^[a-z0-9]{0,9}$/), {
    maxKeys: 3,
  }),
  inherited: fc.boolean(),
  isLabelled: canLabel() ? fc.boolean() : fc.constant(false),
});

describeLacking(RIGHTS_LACK, 'a file that is replaced, and its backup', () => {
  test('keep owner, group, mode, ACL and extended attributes, whatever the folder gives to new files', async () => {
    await fc.assert(
      fc.asyncProperty(rights, async ({ mode, owner, group, acl, attributes, inherited, isLabelled }) => {
        const own = await mkdtemp(join(folder, 'of-'));
        const path = join(own, 'keystone.conf');
        await writeFile(path, before);
        await chmod(path, mode);
        await chown(path, owner, group);
        if (acl !== null)
          run('setfacl', '-m', `u:2:${acl.user},g:3:${acl.otherGroup},g::${acl.group},m::${acl.mask}`, path);
        for (const [name, value] of Object.entries(attributes))
          run('setfattr', '-n', `user.${name}`, '-v', value, path);
        if (isLabelled) run('setfattr', '-n', 'security.selinux', '-v', LABEL, path);
        if (inherited) run('setfacl', '-d', '-m', 'u:4:rw,g:5:r', own);
        const expected = await rightsOf(path);
        const { backup = '' } = await replaceFile(path, after, { expected: before, backup: true });
        expect(await readFile(path)).toEqual(after);
        expect(await rightsOf(path)).toEqual(expected);
        expect(await readFile(backup)).toEqual(before);
        expect(await rightsOf(backup)).toEqual(expected);
        expect((await readdir(own)).toSorted()).toEqual(['keystone.conf', 'keystone.conf.1.bak']);
      }),
      { seed: SEED, numRuns: 12 },
    );
  }, 240_000);

  test('a new file and its folders are for the readers of another, those of its ACL included', async () => {
    const like = join(folder, 'keystone.conf');
    await writeFile(like, before);
    await chmod(like, 0o600);
    run('setfacl', '-m', 'u:2:r,g::-,m::r', like);
    const path = join(folder, 'a', 'b', 'new.conf');
    await replaceFile(path, after, { expected: undefined, backup: false, like });
    expect(await rightsOf(path)).toEqual(await rightsOf(like));
    for (const one of ['a', 'a/b'])
      expect(run('getfacl', '--omit-header', '--numeric', '--absolute-names', join(folder, one)).trim()).toBe(
        'user::rwx\nuser:2:r-x\ngroup::---\nmask::r-x\nother::---',
      );
  });
});

test.each([
  [0o640, 0o750],
  [0o600, 0o700],
  [0o644, 0o755],
])('a file of mode %o gives its new folder mode %o', async (mode, expected) => {
  const like = join(folder, 'keystone.conf');
  await writeFile(like, before);
  await chmod(like, mode);
  await replaceFile(join(folder, 'new', 'x.conf'), after, { expected: undefined, backup: false, like });
  expect((await stat(join(folder, 'new'))).mode & 0o777).toBe(expected);
  expect((await stat(join(folder, 'new', 'x.conf'))).mode & 0o777).toBe(mode);
});

testNeeding(
  ['root'],
  'a file of somebody else is refused by a user who may not give its owner back',
  async () => {
    const path = join(folder, 'keystone.conf');
    await writeFile(path, before);
    await chown(path, 1, 1);
    await chmod(path, 0o666);
    await chmod(folder, 0o777);
    await expect(
      asOrdinaryUser(() => replaceFile(path, after, { expected: before, backup: false })),
    ).rejects.toMatchObject({
      code: 'FILE_UNWRITABLE',
      message: expect.stringContaining('the same owner and group') as string,
    });
    expect(await readFile(path)).toEqual(before);
    expect(await readdir(folder)).toEqual(['keystone.conf']);
  },
);

/** A PATH in which `cp` is that of busybox, and of the other programs only these. */
async function withPrograms<T>(names: readonly string[], task: () => Promise<T>): Promise<T> {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  await writeFile(join(bin, 'cp'), '#!/bin/sh\necho "cp: unrecognized option" >&2\nexit 1\n', {
    mode: 0o755,
  });
  for (const name of names) await symlink(run('which', name).trim(), join(bin, name));
  const { PATH } = process.env;
  process.env['PATH'] = bin;
  try {
    return await task();
  } finally {
    process.env['PATH'] = PATH;
  }
}

describe('where cp cannot copy an ACL', () => {
  const replaced = (path: string, names: readonly string[]) =>
    withPrograms(names, () => replaceFile(path, after, { expected: before, backup: true }));

  async function confFile(mode: number): Promise<string> {
    await mkdir(join(folder, 'etc'));
    const path = join(folder, 'etc', 'keystone.conf');
    await writeFile(path, before);
    await chmod(path, mode);
    return path;
  }

  test('a file that only its owner can read is replaced', async () => {
    const path = await confFile(0o600);
    await replaced(path, []);
    expect(await readFile(path)).toEqual(after);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('one whose group bits may be the mask of an ACL is refused', async () => {
    const path = await confFile(0o640);
    await expect(replaced(path, [])).rejects.toMatchObject({
      code: 'FILE_UNWRITABLE',
      message: expect.stringContaining('whether it has an ACL cannot be seen without getfacl') as string,
    });
    expect(await readFile(path)).toEqual(before);
    expect(await readdir(join(folder, 'etc'))).toEqual(['keystone.conf']);
  });

  describeLacking(RIGHTS_LACK, 'that getfacl can show', () => {
    test('one without an ACL is replaced if getfacl shows that', async () => {
      const path = await confFile(0o640);
      await replaced(path, ['getfacl', 'getfattr']);
      expect((await stat(path)).mode & 0o777).toBe(0o640);
    });

    test.each([
      ['an ACL', ['setfacl', '-m', 'u:1:r,g::-'], 'it has an ACL'],
      ['an attribute', ['setfattr', '-n', 'user.x', '-v', '1'], 'it has extended attributes'],
    ])('one with %s is refused', async (_, [program = '', ...args], why) => {
      const path = await confFile(0o640);
      run(program, ...args, path);
      const rightsBefore = await rightsOf(path);
      await expect(replaced(path, ['getfacl', 'getfattr'])).rejects.toThrow(why);
      expect(await rightsOf(path)).toEqual(rightsBefore);
      expect(await readdir(join(folder, 'etc'))).toEqual(['keystone.conf']);
    });
  });
});

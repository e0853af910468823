import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { codeOf, unreadable, unwritable } from '../../src/file-faults.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keystone-ldap-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** What the system says. */
async function faultOf(action: Promise<unknown>): Promise<unknown> {
  const [result] = await Promise.allSettled([action]);
  return result.status === 'rejected' ? result.reason : undefined;
}

describe('a file that cannot be', () => {
  test('read: there is none', async () => {
    const cause = await faultOf(readFile(join(folder, 'none')));
    expect(codeOf(cause)).toBe('ENOENT');
    const code = 'FILE_UNREADABLE';
    expect(unreadable('it', cause)).toMatchObject({
      code,
      message: 'Cannot read it: there is no such file.',
      cause,
    });
  });

  test.each([
    ['none/file', {}, 'its folder does not exist'],
    ['.', {}, 'it is a directory'],
    ['x'.repeat(256), {}, 'its name is too long'],
    ['file/file', {}, 'a part of the path is not a directory'],
    ['file', { flag: 'wx' }, 'it exists'],
  ])('written: %s', async (name, options, why) => {
    await writeFile(join(folder, 'file'), '');
    const cause = await faultOf(writeFile(join(folder, name), '', options));
    const message = `Cannot write it: ${why}.`;
    expect(unwritable('write it', cause)).toMatchObject({ code: 'FILE_UNWRITABLE', message, cause });
  });

  test('written: in the words of the place, with its hint', async () => {
    const hint = 'Give another name.';
    const cause = await faultOf(mkdir(folder));
    expect(unwritable('make it', cause, { hint, faults: { EEXIST: 'it is taken' } })).toMatchObject({
      message: 'Cannot make it: it is taken.',
      hint,
    });
  });

  test.each([
    [Object.assign(new Error('EXDEV: cross-device link'), { code: 'EXDEV' }), 'EXDEV'],
    [new Error('no code'), 'no code'],
    ['it belongs to user 7', 'it belongs to user 7'],
  ])('written: for a reason without words of ours', (reason, why) => {
    expect(unwritable('write it', reason).message).toBe(`Cannot write it: ${why}.`);
  });
});

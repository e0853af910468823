import { describe, expect, test } from 'vitest';
import { applyEdits, optionEdit, type ConfEdit } from '../../../src/keystone-conf/document/conf-edit.ts';
import { formatConf, parseConf, type ConfDocument } from '../../../src/keystone-conf/document/document.ts';
import { Secret } from '../../../src/secret.ts';

const text = "[a]\nkey = old ; c\nlist = ['1',\n    '2']\npassword = before\n";
const read = (source: string): ConfDocument => parseConf(Buffer.from(source), 'keystone.conf');
const write = (doc: ConfDocument): string => formatConf(doc).toString();

describe('planning', () => {
  test.each<[string, string, ConfEdit | undefined]>([
    ['key', 'new', { section: 'a', option: 'key', from: 'old', to: 'new' }],
    ['key', 'old', undefined],
    ['other', 'new', { section: 'a', option: 'other', from: undefined, to: 'new' }],
    ['list', '[]', { section: 'a', option: 'list', from: "['1',\n    '2']", to: '[]' }],
  ])('%s = %s', (option, value, edit) => {
    expect(optionEdit(read(text), 'a', option, value)).toEqual(edit);
  });

  test('a secret is shown by no form of the edit', () => {
    const edit = optionEdit(read(text), 'a', 'password', new Secret('after'));
    expect(JSON.parse(JSON.stringify(edit))).toEqual({
      ...{ section: 'a', option: 'password', from: '***', to: '***' },
      secret: true,
    });
    expect(optionEdit(read(text), 'a', 'password', new Secret('before'))).toBeUndefined();
  });

  test('a value that cannot be written is refused', () => {
    const write = () => optionEdit(read(text), 'a', 'password', new Secret('un ;writable'));
    expect(write).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
    expect(write).not.toThrow('writable');
  });
});

describe('applying', () => {
  const edits: readonly ConfEdit[] = [
    { section: 'a', option: 'key', from: 'old', to: undefined },
    { section: 'a', option: 'list', from: "['1',\n    '2']", to: "['0',\n    '2']" },
    { section: 'a', option: 'password', from: new Secret('before'), to: new Secret('after'), secret: true },
    { section: 'b', option: 'other', from: undefined, to: 'new' },
  ];

  test('all edits', () => {
    const after = applyEdits(read(text), edits);
    expect(write(after)).toBe("[a]\nlist = ['0',\n    '2']\npassword = after\n\n[b]\nother = new\n");
  });

  test('an option that goes on under another name, and one that goes into a comment', () => {
    const after = applyEdits(read(text), [
      { section: 'a', option: 'key', from: 'old', to: 'new', newName: 'lock' },
      { section: 'a', option: 'list', from: "['1',\n    '2']", to: undefined, note: 'No longer: é.' },
    ]);
    expect(write(after)).toBe(
      "[a]\nlock = new ; c\n# No longer: é.\n#list = ['1',\n#    '2']\npassword = before\n",
    );
  });

  test('none', () => {
    expect(write(applyEdits(read(text), []))).toBe(text);
  });

  test('a stale plan is refused with all that changed, and no password', () => {
    const doc = read(text.replace('old', 'newer').replace('before', 'meanwhile'));
    const apply = () => applyEdits(doc, edits);
    expect(apply).toThrow(
      expect.objectContaining({
        code: 'STALE_PLAN',
        problems: [
          {
            file: 'keystone.conf',
            line: 2,
            message: '[a] key is no longer what it was when the change was planned.',
          },
          {
            file: 'keystone.conf',
            line: 5,
            message: '[a] password is no longer what it was when the change was planned.',
          },
        ],
      }),
    );
    expect(() => applyEdits(applyEdits(read(text), edits), edits)).toThrow(
      expect.objectContaining({ code: 'STALE_PLAN' }),
    );
  });
});

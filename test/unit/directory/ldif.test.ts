import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatLdif } from '../../../src/directory/format-ldif.ts';
import { parseLdif } from '../../../src/directory/ldif.ts';
import { octetsOf, textOf } from '../../../src/directory/octets.ts';
import { KeystoneLdapError, type Problem } from '../../../src/errors.ts';

const lines = (...all: readonly string[]): string => all.join('\n') + '\n';

const base64 = (value: string | Buffer): string => Buffer.from(value).toString('base64');

function problemsOf(text: string, file?: string): readonly Problem[] {
  try {
    parseLdif(text, file);
  } catch (error) {
    if (error instanceof KeystoneLdapError && error.code === 'INPUT_INVALID') return error.problems;
    throw error;
  }
  return [];
}

describe('parse', () => {
  test('records, values in their order, the line of each', () => {
    const text = lines(
      'version: 1',
      '',
      '# the suffix',
      'dn: dc=example,dc=com',
      'objectClass: dcObject',
      'dc: example',
      'OBJECTCLASS: organization',
      '',
      '',
      'dn: ou=Users,dc=example,dc=com',
      'ou:Users',
    );
    expect(parseLdif(text)).toEqual([
      {
        dn: 'dc=example,dc=com',
        line: 4,
        attributes: { objectClass: ['dcObject', 'organization'], dc: ['example'] },
        lines: { objectClass: [5, 7], dc: [6] },
      },
      { dn: 'ou=Users,dc=example,dc=com', line: 10, attributes: { ou: ['Users'] }, lines: { ou: [11] } },
    ]);
  });

  test.each([
    ['a fold', 'description: one\n  two\n three', 'one twothree'],
    ['a folded name', 'descri\n ption: one', 'one'],
    ['base64', `description:: ${base64('Lučić\r\n')}`, 'Lučić\r\n'],
    ['folded base64', 'description:: THXE\n jWnEhw==', 'Lučić'],
    ['raw UTF-8', 'description: Lučić', 'Lučić'],
    ['blanks after the colon', 'description:    one ', 'one '],
    ['no blank after the colon', 'description:one', 'one'],
    ['an empty value', 'description:', ''],
    ['colons in the value', 'description: a:b::c', 'a:b::c'],
    ['a comment below', 'description: one\n# two', 'one'],
    ['a folded comment below', 'description: one\n# two\n  three', 'one'],
    ['a comment above', '# two\n  three\ndescription: one\n two', 'onetwo'],
  ])('%s', (_, text, value) => {
    expect(parseLdif(`dn: dc=x\n${text}\n`)[0]?.attributes).toEqual({ description: [value] });
    const withCrLf = `dn: dc=x\n${text}\n`.replaceAll('\n', '\r\n');
    expect(parseLdif(withCrLf)[0]?.attributes).toEqual({ description: [value] });
  });

  test.each([
    ['', 0],
    ['version: 1\n', 0],
    ['# nothing\n\n# here', 0],
    ['version: 1\ndn: dc=x\ndc: x', 1],
    ['dn: dc=x\ndc: x\n\n# between\n\ndn: dc=y\ndc: y', 2],
  ])('%j holds %i records', (text, count) => {
    expect(parseLdif(text)).toHaveLength(count);
  });

  test('options and numeric names', () => {
    expect(parseLdif('dn:: ZGM9eA==\ncn;lang-de: x\n2.5.4.13: y')).toMatchObject([
      { dn: 'dc=x', attributes: { 'cn;lang-de': ['x'], '2.5.4.13': ['y'] } },
    ]);
  });
});

describe('as other tools write it', () => {
  test('ldifde: changetype: add in each record, CRLF, folds and blanks that are tabs', () => {
    const text = lines(
      ...['dn: CN=Alice,CN=Users,DC=c', 'changetype: add', 'objectClass: user', 'cn:\tAl', '\tice'],
      ...['objectGUID:: 3q2+7/+AgA==', ''],
      ...[
        'dn: CN=Bob,CN=Users,DC=c',
        'control: 1.2.840.113556.1.4.1339 true',
        'changetype:: YWRk',
        'cn: Bob',
      ],
    ).replaceAll('\n', '\r\n');
    const [alice, bob] = parseLdif(text);
    expect(alice?.attributes).toMatchObject({ objectClass: ['user'], cn: ['Alice'] });
    expect(octetsOf(alice?.attributes['objectGUID']?.[0] ?? '').toString('hex')).toBe('deadbeefff8080');
    expect(bob?.attributes).toEqual({ cn: ['Bob'] });
  });

  test('ldapsearch: what it says of the search is no entry', () => {
    const text = lines(
      ...['# extended LDIF', '#', '# LDAPv3', '#', '', 'version: 1', '', '# x', 'dn: dc=x', 'dc: x', ''],
      ...['# search reference', 'ref: ldap://other/dc=y,dc=x??sub', ''],
      ...[
        '# search result',
        'search: 2',
        'result: 0 Success',
        'control: 1.2.840.113556.1.4.319 false MAA=',
        '',
      ],
      ...['# numResponses: 13', '# numEntries: 12', '', 'version: 1', '', 'dn: dc=z', 'dc: z'],
    );
    expect(parseLdif(text).map(({ dn, line }) => [dn, line])).toEqual([
      ['dc=x', 9],
      ['dc=z', 25],
    ]);
  });
});

describe('problems', () => {
  test.each([
    ['dn: dc=x\nchangetype: modify\nadd: dc\ndc: x\n-', 2, undefined, 'changetype: modify'],
    ['dn: dc=x\nchangetype:: bW9kcmRu\nnewrdn: dc=y', 2, undefined, 'changetype: modrdn'],
    ['dn: dc=x\nchangetype: add\ndc: x\n-', 4, 1, 'has no ":"'],
    ['dn: dc=x\ncontrol: 1.2.3\nchangetype: delete', 3, undefined, 'changetype: delete'],
    ['dn: dc=x\n\nsearch: 2\nresult: 4 Size limit exceeded', 4, undefined, '"4 Size limit exceeded"'],
    ['dn: dc=x\njpegPhoto:< file:///tmp/a', 2, 13, 'URL'],
    ['dn: dc=x\ndc:: !!', 2, 6, 'no base64'],
    ['dn: dc=x\ndc:: THX', 2, 6, 'no base64'],
    ['dn: dc=x\ndc x', 2, 1, 'has no ":"'],
    ['dn: dc=x\nd_c: x', 2, 1, 'no attribute name'],
    ['dn: dc=x\n: x', 2, 1, 'no attribute name'],
    ['dc: x\ndn: dc=x', 1, 1, 'must start with "dn:"'],
    ['dn: dc=x\ndc: x\ndn: dc=y', 3, 1, 'second "dn:"'],
    ['version: 2\ndn: dc=x', 1, undefined, 'version "2"'],
    ['dn: dc=x\n\n dc: x', 3, undefined, 'starts with a space'],
  ])('%j', (text, line, column, message) => {
    expect(problemsOf(text, 'a.ldif')[0]).toEqual({
      file: 'a.ldif',
      line,
      ...(column !== undefined && { column }),
      message: expect.stringContaining(message) as string,
    });
  });

  test('all of a file are told at once', () => {
    const text = lines('dn: dc=x', 'dc x', 'dc:: !', '', 'dn: dc=y', 'changetype: modify', 'add: dc', '-');
    expect(problemsOf(text).map(({ line }) => line)).toEqual([2, 3, 6]);
    expect(() => parseLdif(text, 'people.ldif')).toThrow('people.ldif is not LDIF');
  });
});

describe('format', () => {
  test.each([
    ['plain text', 'description: plain text'],
    ['', 'description:'],
    [' lead', 'description:: IGxlYWQ='],
    [':lead', 'description:: OmxlYWQ='],
    ['<lead', 'description:: PGxlYWQ='],
    ['trail ', 'description:: dHJhaWwg'],
    ['a: b < c', 'description: a: b < c'],
    ['Lučić', 'description:: THXEjWnEhw=='],
    ['a\nb', 'description:: YQpi'],
    ['a\rb', 'description:: YQ1i'],
    ['a\0b', 'description:: YQBi'],
    ['a\tb', 'description: a\tb'],
  ])('%j', (value, line) => {
    expect(formatLdif([{ dn: 'dc=x', attributes: { description: [value] } }])).toBe(`dn: dc=x\n${line}\n`);
  });

  test('an empty line between records, names in their order', () => {
    const entries = [
      { dn: 'dc=x', attributes: { objectClass: ['top', 'dcObject'], dc: ['x'] } },
      { dn: 'ou=Lučić,dc=x', attributes: { ou: ['Lučić'] } },
    ];
    expect(formatLdif(entries)).toBe(
      lines(
        'dn: dc=x',
        'objectClass: top',
        'objectClass: dcObject',
        'dc: x',
        '',
        'dn:: b3U9THXEjWnEhyxkYz14',
        'ou:: THXEjWnEhw==',
      ),
    );
  });
});

const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,12}$/).filter((one) => one.toLowerCase() !== 'dn');
const value = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((octets) => textOf(Buffer.from(octets))),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme-ascii', maxLength: 300 }),
  fc.constantFrom('', ' ', '\t', '\tb', ':', '<', '\ufeff', ' \n', 'a\r\n b'),
);
const attribute = fc.tuple(name, fc.array(value, { minLength: 1, maxLength: 4 }));
const entry = fc.record({
  dn: value,
  attributes: fc
    .uniqueArray(attribute, { selector: ([one]) => one.toLowerCase(), maxLength: 5 })
    .map((all): Record<string, string[]> => Object.fromEntries(all))
    .filter((all) => !Object.keys(all).some((one) => /^(?:changetype|control)$/i.test(one))),
});

describe('round trip', () => {
  test('parse(format(entries)) gives the entries', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 4 }), (entries) => {
        const read = parseLdif(formatLdif(entries)).map(({ dn, attributes }) => ({ dn, attributes }));
        expect(read).toEqual(entries);
      }),
    );
  });

  test('no line is longer than 76 characters, and all are ASCII', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 4 }), (entries) => {
        const longest = Math.max(
          ...formatLdif(entries)
            .split('\n')
            .map(({ length }) => length),
        );
        expect(longest).toBeLessThanOrEqual(76);
        expect(formatLdif(entries)).toMatch(/^\p{ASCII}*$/u);
      }),
    );
  });
});

import fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseConf } from '../../../src/keystone-conf/document/document.ts';
import {
  readLegacyValue,
  writeLegacyValue,
  type Interpolation,
} from '../../../src/keystone-conf/legacy/legacy-value.ts';
import { optionValue } from '../../../src/keystone-conf/document/option-value.ts';
import { setOption } from '../../../src/keystone-conf/document/set-option.ts';
import { describeNeeding } from '../../support/needs/needing.ts';
import { DisposableFolder } from '../../support/disposable-folder.ts';

const SINGLE = 'holds a single "%", with which Keystone does not start: write "%%"';

describe('writing', () => {
  test.each<[Interpolation, string, string]>([
    ['ConfigParser', 'ldapi://%2Frun%2Fldapi', 'ldapi://%2Frun%2Fldapi'],
    ['ConfigParser', '100%', '100%'],
    ['ConfigParser', '%%(', 'it contains "%(", which is always replaced'],
    ['ConfigParser', '%(x)s', 'it contains "%(", which is always replaced'],
    ['ConfigParser', 'a$b', 'a$b'],
    ['SafeConfigParser', 'a$b$$', 'a$b$$'],
    ['SafeConfigParser', '100%', '100%%'],
    ['SafeConfigParser', '%%', '%%%%'],
    ['SafeConfigParser', '%(x)s', 'it contains "%(", which is always replaced'],
    ['SafeConfigParser', '(%', '(%%'],
    ['ConfigParser', '', ''],
    ['ConfigParser', '#a"b\'c', '#a"b\'c'],
    ['ConfigParser', ';a', ';a'],
    ['ConfigParser', 'a;b ;c', 'a;b ;c'],
    ['ConfigParser', 'a ;b', 'it contains " ;", where the parser sees a comment'],
    ['SafeConfigParser', 'a\t;b', 'it contains " ;", where the parser sees a comment'],
    ['ConfigParser', ' a', 'it starts or ends with a blank, which the parser drops'],
    ['ConfigParser', 'a\t', 'it starts or ends with a blank, which the parser drops'],
    ['ConfigParser', 'a\u00a0', 'a\u00a0'],
    ['ConfigParser', '""', 'it is "", which the parser reads as empty'],
    ['ConfigParser', '"a"', '"a"'],
    ['ConfigParser', 'a\nb', 'it holds a line break or NUL'],
    ['SafeConfigParser', 'a\0', 'it holds a line break or NUL'],
  ])('%s: %j', (interpolation, value, expected) => {
    expect(Object.values(writeLegacyValue(value, interpolation))).toEqual([expected]);
  });
});

describe('reading', () => {
  test.each<[Interpolation, string, string]>([
    ['ConfigParser', 'a%b%%c$$', 'a%b%%c$$'],
    ['ConfigParser', 'fake://%(test_dir)s/x', 'refers to another option'],
    ['SafeConfigParser', 'a$$b', 'a$$b'],
    ['SafeConfigParser', '${state_path}/x', '${state_path}/x'],
    ['SafeConfigParser', '100%%', '100%'],
    ['SafeConfigParser', '%%%%s', '%%s'],
    ['SafeConfigParser', '100%', SINGLE],
    ['SafeConfigParser', '%%%', SINGLE],
    ['SafeConfigParser', '%(x)s', 'refers to another option'],
    // SafeConfigParser itself would take it; the ConfigParser that goes over the file too would not.
    ['SafeConfigParser', '%%(x)s', 'refers to another option'],
  ])('%s: %j', (interpolation, written, expected) => {
    expect(Object.values(readLegacyValue(written, interpolation))).toEqual([expected]);
  });
});

const PIECES = [
  '%',
  '%(',
  '$',
  '{',
  '}',
  ';',
  ' ',
  '#',
  '"',
  "'",
  'a',
  'é',
  '[',
  ']',
  '=',
  ':',
  '6',
  ')s',
  '-',
  '\\',
];
const VALUES = fc.oneof(
  fc.string(),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }).map((pieces) => pieces.join('')),
);

test.each<Interpolation>(['ConfigParser', 'SafeConfigParser'])(
  '%s: what can be written reads back',
  (interpolation) => {
    fc.assert(
      fc.property(VALUES, (meant) => {
        const written = writeLegacyValue(meant, interpolation);
        if ('fault' in written) return;
        const doc = setOption(parseConf(Buffer.from('[a]\n')), 'a', 'key', written.value);
        const read = readLegacyValue(optionValue(doc, 'a', 'key') ?? '', interpolation);
        expect(read).toEqual({ value: meant });
      }),
      { numRuns: 2000 },
    );
  },
);

/**
 * Python 3's ConfigParser set to what Python 2's two parsers do. What it cannot be set to is the value that is just "",
 * which Python 2 empties, and a comment that starts with the line's first ";" only: such values are left out. The other parser of Python 2 replaces only in values with "%(",
 * which are never written.
 */
const READER = `
import configparser, json, sys
safe, path = sys.argv[1] == 'SafeConfigParser', sys.argv[2]
parser = configparser.ConfigParser(
    strict=False, comment_prefixes=('#', ';'), inline_comment_prefixes=(';',),
    interpolation=configparser.BasicInterpolation() if safe else None)
parser.read(path, encoding='utf-8')
print(json.dumps([parser.get(name, 'key') for name in parser.sections()]))
`;

describeNeeding(['python3'], 'a ConfigParser that is not ours', () => {
  test.each<Interpolation>(['ConfigParser', 'SafeConfigParser'])(
    '%s gets what was meant, or it was refused',
    async (interpolation) => {
      const meant = fc
        .sample(VALUES, { numRuns: 3000, seed: 2011 })
        .filter((value) => !/^;| ;|^""$/.test(value));
      const pairs = meant.flatMap((value) => {
        const written = writeLegacyValue(value, interpolation);
        return 'fault' in written ? [] : [{ value, written: written.value }];
      });
      expect(pairs.length).toBeGreaterThan(1000);
      const sections = pairs.map(({ written }, index) => `[${index}]\nkey = ${written}\n`);
      const path = join(DisposableFolder.ofTest().path, 'values.conf');
      await writeFile(path, sections.join(''));
      const { stdout, stderr } = spawnSync('python3', ['-c', READER, interpolation, path], {
        encoding: 'utf8',
        maxBuffer: 2 ** 26,
      });
      expect(stderr).toBe('');
      expect(JSON.parse(stdout)).toEqual(pairs.map(({ value }) => value));
    },
  );
});

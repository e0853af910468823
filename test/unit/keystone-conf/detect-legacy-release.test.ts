import { expect, test } from 'vitest';
import {
  detectLegacyRelease,
  type LegacyReleaseGuess,
} from '../../../src/keystone-conf/legacy/detect-legacy-release.ts';
import { parseConf } from '../../../src/keystone-conf/document/document.ts';

test.each<[string, string, LegacyReleaseGuess | undefined]>([
  [
    'port 5001 and no hashing',
    'admin_port = 5001',
    {
      candidates: ['blog'],
      evidence: [
        { option: 'admin_port', value: '5001' },
        { option: 'hash-password', value: undefined },
      ],
    },
  ],
  [
    'hashing and port 35357',
    'admin_port = 35357\nhash-password = True',
    {
      candidates: ['2011.3', 'essex-1', 'essex-2', '2012-01-20'],
      evidence: [
        { option: 'hash-password', value: 'True' },
        { option: 'admin_port', value: '35357' },
      ],
    },
  ],
  [
    'hashing alone',
    'hash-password = False',
    {
      candidates: ['2011.3', 'essex-1', 'essex-2', '2012-01-20'],
      evidence: [{ option: 'hash-password', value: 'False' }],
    },
  ],
  [
    'underscores, whatever else',
    'admin_port = 5001\nhash-password = True\nkeystone_admin_role = Admin',
    { candidates: ['essex-3'], evidence: [{ option: 'keystone_admin_role', value: 'Admin' }] },
  ],
  ['the port that several releases have', 'admin_port = 35357', undefined],
  ['a file of 2012', 'admin_port = 35357\npublic_port = 5000\n[identity]\ndriver = x', undefined],
  ['options of another section', '[a]\nadmin_port = 5001', undefined],
  ['nothing', '', undefined],
])('%s', (_, text, expected) => {
  expect(detectLegacyRelease(parseConf(Buffer.from(`[DEFAULT]\n${text}\n`)))).toEqual(expected);
});

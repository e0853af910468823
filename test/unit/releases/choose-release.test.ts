import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  chooseRelease,
  isLegacy,
  type DirectorySign,
  type InstalledKeystone,
  type ToldByConf,
} from '../../../src/releases/choose-release.ts';
import { findRelease, RELEASES } from '../../../src/releases/find-release.ts';

const NAMES = RELEASES.map(({ name }) => name);
const OF_2011 = NAMES.filter((name) => isLegacy(findRelease(name)));

const conf = fc.option(
  fc.oneof(
    fc
      .subarray(OF_2011, { minLength: 1, maxLength: 2 })
      .map((candidates): ToldByConf => ({ kind: 'legacy', candidates, file: 'k.conf' })),
    fc.constantFrom<ToldByConf>({ kind: 'modern', file: 'k.conf' }, { kind: 'untold', file: 'k.conf' }),
  ),
  { nil: undefined },
);
const installed = fc.option(
  fc
    .constantFrom(...NAMES, undefined)
    .map((release): InstalledKeystone => ({ version: release ?? '99.0', release, by: 'rpm' })),
  { nil: undefined },
);
const directory = fc.option(
  fc.oneof(
    fc.constantFrom<DirectorySign>({ kind: 'blank' }, { kind: 'used', why: 'people' }),
    fc.constantFrom(...OF_2011).map((release): DirectorySign => ({ kind: 'legacy', release })),
  ),
  { nil: undefined },
);

describe('the release that signs tell', () => {
  test('is never against any of them, and 2011.3 by default on a blank server alone', () => {
    fc.assert(
      fc.property(fc.record({ conf, installed, directory }), (signs) => {
        const { release } = chooseRelease(signs);
        if (release === undefined) return;
        const isOf2011 = isLegacy(findRelease(release));
        if (signs.conf?.kind === 'modern') expect(isOf2011).toBe(false);
        if (signs.conf?.kind === 'legacy') expect(signs.conf.candidates).toContain(release);
        if (signs.installed !== undefined) expect(release).toBe(signs.installed.release);
        if (signs.directory?.kind === 'legacy') expect(release).toBe(signs.directory.release);
        if (signs.conf?.kind !== 'legacy' && signs.installed === undefined) {
          // Nothing but the directory told it.
          expect(signs.conf).toBeUndefined();
          expect(signs.directory?.kind).toMatch(/^(?:blank|legacy)$/);
          if (signs.directory?.kind === 'blank') expect(release).toBe('2011.3');
        }
      }),
      { seed: 7301, numRuns: 2000 },
    );
  });

  test.each<[string, Parameters<typeof chooseRelease>[0], string | undefined]>([
    ['nothing', {}, undefined],
    ['a blank server', { directory: { kind: 'blank' } }, '2011.3'],
    ['people', { directory: { kind: 'used', why: 'people' } }, undefined],
    ['an installed Keystone', { installed: { version: '22.0.2', release: 'zed', by: 'rpm' } }, 'zed'],
    [
      'an unknown version on a blank server',
      { installed: { version: '99', release: undefined, by: 'rpm' }, directory: { kind: 'blank' } },
      undefined,
    ],
    ['a modern file', { conf: { kind: 'modern', file: 'k' }, directory: { kind: 'blank' } }, undefined],
    [
      'an empty file on a blank server',
      { conf: { kind: 'untold', file: 'k' }, directory: { kind: 'blank' } },
      undefined,
    ],
    ['a file of one release', { conf: { kind: 'legacy', candidates: ['essex-3'], file: 'k' } }, 'essex-3'],
    ['a file of two', { conf: { kind: 'legacy', candidates: ['2011.3', 'essex-1'], file: 'k' } }, undefined],
    [
      'a file of two, and the schema of one',
      {
        conf: { kind: 'legacy', candidates: ['2011.3', 'essex-1'], file: 'k' },
        directory: { kind: 'legacy', release: 'essex-1' },
      },
      'essex-1',
    ],
  ])('%s', (_, signs, release) => {
    expect(chooseRelease(signs).release).toBe(release);
  });
});

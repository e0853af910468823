import { expect, test } from 'vitest';
import { downloadArgs } from '../../../src/sandbox/dnf-source.ts';

test.each([
  ['x64', 'x86_64'],
  ['arm64', 'aarch64'],
  ['s390x', 's390x'],
])('on %s dnf is asked for %s and noarch only', (arch, rpmArch) => {
  expect(downloadArgs('/build/packages', arch)).toEqual([
    '-y',
    'download',
    '--resolve',
    `--arch=${rpmArch}`,
    '--arch=noarch',
    '--destdir=/build/packages',
    'openldap-servers',
    'openldap-clients',
  ]);
});

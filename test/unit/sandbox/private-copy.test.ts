import { describe, expect, test } from 'vitest';
import { platformName, privateCopies } from '../../../src/sandbox/private-copy.ts';

describe('platformName', () => {
  test.each([
    ['ID=debian\nVERSION_ID="12"\n', 'x64', 'debian-12-x64'],
    ['NAME="Ubuntu"\nVERSION_ID="24.04"\nID=ubuntu\nID_LIKE=debian\n', 'arm64', 'ubuntu-24.04-arm64'],
    ["ID='rocky'\nVERSION_ID='9.4'\n", 'x64', 'rocky-9.4-x64'],
    ['PRETTY_NAME="Debian GNU/Linux trixie/sid"\nID=debian\n', 'x64', 'debian-rolling-x64'],
    ['', 'x64', `${process.platform}-rolling-x64`],
  ])('%j on %s is %s', (osRelease, arch, name) => {
    expect(platformName(osRelease, arch)).toBe(name);
  });
});

describe('privateCopies', () => {
  test.each([
    [{ HOME: '/home/a' }, '/home/a/.cache/keystone-ldap/slapd'],
    [{ HOME: '/home/a', XDG_CACHE_HOME: '/cache' }, '/cache/keystone-ldap/slapd'],
    [{ HOME: '/home/a', XDG_CACHE_HOME: '' }, '/home/a/.cache/keystone-ldap/slapd'],
  ])('%j keeps them in %s', (env, path) => {
    expect(privateCopies(env)).toBe(path);
  });
});

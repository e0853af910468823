import { afterEach, expect, test, vi } from 'vitest';
import { stateFolder } from '../../../src/cli/flags/journal-flags.ts';

afterEach(() => vi.restoreAllMocks());

test.each([
  [1000, { stateDir: '/own' }, { XDG_STATE_HOME: '/xdg' }, '/own'],
  [0, { stateDir: '/own' }, {}, '/own'],
  [0, {}, { XDG_STATE_HOME: '/xdg', HOME: '/root' }, '/var/lib/keystone-ldap'],
  [1000, {}, { XDG_STATE_HOME: '/xdg', HOME: '/home/ann' }, '/xdg/keystone-ldap'],
  [1000, {}, { XDG_STATE_HOME: '', HOME: '/home/ann' }, '/home/ann/.local/state/keystone-ldap'],
  [1000, {}, { HOME: '/home/ann' }, '/home/ann/.local/state/keystone-ldap'],
])('journals of user %i with %j and %j are in %s', (user, flags, env, folder) => {
  vi.spyOn(process, 'geteuid').mockReturnValue(user);
  expect(stateFolder(flags, { env })).toBe(folder);
});

import { expect, test } from 'vitest';
import { aliasEntry } from '../../support/alias-entry.ts';
import { describeLive } from '../../support/describe-live.ts';
import { examineKeystone } from '../../support/doctor/examine.ts';
import { folder, group, soundKeystone, SUFFIX, user, USERS } from '../../support/doctor/sound-keystone.ts';

const GUESTS = `ou=Guests,${SUFFIX}`;
const ENTRIES = [
  folder(GUESTS),
  user('carol', {}, GUESTS),
  aliasEntry(`uid=carol,${USERS}`, `uid=carol,${GUESTS}`),
  group('guests', [`uid=carol,${GUESTS}`]),
];

describeLive('doctor, of a user whom an alias names', (slapd) => {
  test.each([
    ['never', 2, ['MEMBER_OUTSIDE']],
    ['always', 3, []],
  ])('as alias_dereferencing = %s has it', async (mode, count, codes) => {
    const ldap = { alias_dereferencing: mode };
    await using keystone = await soundKeystone({ slapd, entries: ENTRIES, ldap });
    const { findings, examined } = await examineKeystone(keystone);
    expect(findings.map(({ code }) => code)).toEqual(codes);
    expect(examined).toMatchObject([{ entries: { user: count, group: 2 } }]);
  });
});

import { expect, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { describeKeystone } from '../support/keystone/describe-keystone.ts';
import { agreedAnswer, emailOf, PEOPLE, setUp, workplace } from './tool.ts';

const maps = (...pairs: readonly string[]): string[] => pairs.flatMap((pair) => ['--map', pair]);
const BY_UID = ['user_id_attribute=uid', 'user_name_attribute=uid', 'group_name_attribute=cn'];

describeKeystone('What the tool sets up for Keystone 22', ({ slapd }) => {
  test.each([
    ['as the release has it, with enabled emulation', []],
    ['with uid for id and name', BY_UID],
    ['enabled by an attribute', [...BY_UID, 'user_enabled_attribute=employeeType']],
    [
      'enabled by an attribute that locks',
      ['user_enabled_attribute=employeeType', 'user_enabled_invert=true', 'user_enabled_default=false'],
    ],
    [
      'enabled by a bit of a number',
      ['user_enabled_attribute=employeeNumber', 'user_enabled_mask=2', 'user_enabled_default=512'],
    ],
    [
      'with members of another attribute and class',
      ['group_objectclass=groupOfUniqueNames', 'group_member_attribute=uniqueMember'],
    ],
    ['with scope sub', [...BY_UID, 'query_scope=sub']],
  ])('is found by it %s', async (_, map) => {
    await using directory = await startSandbox({ slapd });
    const place = await workplace(directory);
    await setUp(place, maps(...map));
    const { users } = await agreedAnswer(place, PEOPLE);
    for (const { name, email } of users) expect(email).toBe(emailOf(name));
  });
});

import { expect, test } from 'vitest';
import { causesOnly } from '../../../src/doctor/causes-only.ts';
import type { Finding, FindingCode } from '../../../src/doctor/finding.ts';

const found = (code: FindingCode, subject: string, message = '', count?: number): Finding => ({
  ...{ code, severity: 'error', subject, message, remedy: '' },
  ...(count !== undefined && { count }),
});

async function codesLeft(...findings: readonly Finding[]): Promise<readonly string[]> {
  const left: string[] = [];
  // eslint-disable-next-line @typescript-eslint/require-await -- what the checks give is asynchronous
  async function* given(): AsyncGenerator<Finding> {
    yield* findings;
  }
  for await (const { code } of causesOnly(given())) left.push(code);
  return left;
}

const CLASS = found('SCHEMA_MISSING', 'object class acmePerson');
const NAME = found('SCHEMA_MISSING', 'attribute type sAMAccountName');

test('Nobody is listed because the server does not know the class: only the class is reported', async () => {
  expect(await codesLeft(CLASS, found('TOO_FEW_USERS', 'users', '', 0))).toEqual(['SCHEMA_MISSING']);
  expect(await codesLeft(found('TOO_FEW_USERS', 'users', '', 0))).toEqual(['TOO_FEW_USERS']);
  expect(await codesLeft(CLASS, found('TOO_FEW_USERS', 'users', '', 2))).toHaveLength(2);
  const mail = { ...found('SCHEMA_MISSING', 'attribute type electronicMail'), severity: 'warning' } as const;
  expect(await codesLeft(mail, found('TOO_FEW_USERS', 'users', '', 0))).toHaveLength(2);
});

test('Nobody has a name because the server does not know the attribute: only the attribute is reported', async () => {
  const nameless = found('ENTRY_NO_NAME', 'users', 'without sAMAccountName (user_name_attribute): …');
  const other = found('ENTRY_NO_NAME', 'groups', 'without ou (group_name_attribute): …');
  expect(await codesLeft(NAME, nameless, other)).toEqual(['SCHEMA_MISSING', 'ENTRY_NO_NAME']);
});

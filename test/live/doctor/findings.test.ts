import { expect, test } from 'vitest';
import { DOCTOR_CODES } from '../../../src/doctor/finding.ts';
import { describeLive } from '../../support/describe-live.ts';
import { examineCase, mostRequests } from '../../support/doctor/examine.ts';
import { ENTRY_CASES } from './cases/entries.ts';
import { FILE_CASES } from './cases/files.ts';
import { SERVER_CASES } from './cases/server.ts';
import { SERVICE_CASES } from './cases/service.ts';

const CASES = [...FILE_CASES, ...SERVICE_CASES, ...SERVER_CASES, ...ENTRY_CASES];

describeLive('doctor finds', (slapd) => {
  test.each(CASES.map((one) => [one.name, one] as const))('%s', async (_, one) => {
    const { exitCode, findings, examined, stderr } = await examineCase(slapd, one);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
    expect(findings.map(({ code, severity }) => [code, severity]).sort()).toEqual(
      one.expected.map(([code, severity]) => [code, severity]).sort(),
    );
    for (const [code, , message] of one.expected) {
      const messages = findings.filter((finding) => finding.code === code).map((finding) => finding.message);
      expect(messages.join('\n')).toContain(message);
    }
    for (const { requests } of examined) expect(requests).toBeLessThanOrEqual(await mostRequests());
    expect(JSON.stringify(findings)).not.toMatch(/keystone-password|top secret/);
  });

  test('each of its codes in one of these', () => {
    const provoked = new Set(CASES.flatMap(({ expected }) => expected.map(([code]) => code)));
    expect(DOCTOR_CODES.filter((code) => !provoked.has(code))).toEqual([]);
  });
});

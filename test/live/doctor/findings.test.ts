import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DOCTOR_CODES } from '../../../src/doctor/finding.ts';
import { asOrdinaryUser } from '../../support/as-ordinary-user.ts';
import { describeLive } from '../../support/describe-live.ts';
import { examineCase, mostRequests } from '../../support/doctor/examine.ts';
import { withService } from '../../support/doctor/service-conf.ts';
import { runCli } from '../../support/run-cli.ts';
import { DisposableFolder } from '../../support/disposable-folder.ts';
import { ADVICE_CASES } from './cases/advice.ts';
import { ENTRY_CASES } from './cases/entries.ts';
import { FILE_CASES } from './cases/files.ts';
import { SERVER_CASES } from './cases/server.ts';
import { SERVICE_CASES } from './cases/service.ts';

const CASES = [...FILE_CASES, ...SERVICE_CASES, ...SERVER_CASES, ...ENTRY_CASES, ...ADVICE_CASES];

describeLive('doctor finds', (slapd) => {
  test.each(CASES.map((one) => [one.name, one] as const))('%s', async (_, one) => {
    const { exitCode, findings, examined, stderr } = await examineCase(slapd, one);
    expect({ exitCode, stderr }).toEqual({ exitCode: one.expected.length === 0 ? 0 : 1, stderr: '' });
    expect(findings.map(({ code, severity }) => [code, severity]).sort()).toEqual(
      one.expected.map(([code, severity]) => [code, severity]).sort(),
    );
    for (const [code, , message, remedy = ''] of one.expected) {
      const found = findings.filter((finding) => finding.code === code);
      const texts = found.map((finding) => `${finding.subject}: ${finding.message}`);
      expect(texts.join('\n')).toContain(message);
      expect(found.map((finding) => finding.remedy).join('\n')).toContain(remedy);
    }
    for (const { requests } of examined) expect(requests).toBeLessThanOrEqual(await mostRequests());
    expect(JSON.stringify(findings)).not.toMatch(/keystone-password|top secret/);
  });

  test('keys that who runs it may not read', async () => {
    const dir = DisposableFolder.ofTest().path;
    const conf = join(dir, 'keystone.conf');
    await writeFile(conf, await withService(dir, { 'identity/driver': 'sql' }));
    await chmod(dir, 0o755);
    const keys = join(dir, 'fernet-keys');
    await chmod(keys, 0);
    const argv = ['doctor', '--keystone-conf', conf, '--release', 'zed', '--severity', 'info', '--json'];
    const { stdout } = await asOrdinaryUser(() => runCli(argv)).finally(() => chmod(keys, 0o700));
    expect(JSON.parse(stdout)).toMatchObject({
      findings: expect.arrayContaining([
        expect.objectContaining({ code: 'KEYS_MISSING', severity: 'info', subject: keys }),
      ]) as unknown,
    });
  });

  test('each of its codes in one of these', () => {
    const provoked = new Set(CASES.flatMap(({ expected }) => expected.map(([code]) => code)));
    const alone = [
      // Only root can find out what another user can read; test/live/doctor/readable.test.ts does.
      ...['KEYSTONE_CANNOT_READ', 'DOMAIN_DIR_RELATIVE'],
      // An info, which is not shown here: test/unit/doctor/enabled-patch.test.ts.
      'ENABLED_PATCH',
      // These need sites that the tool changed before: access-matrix.test.ts and undo-after-others.test.ts.
      ...['SITE_RULES_BYPASSED', 'REGISTRY_STALE'],
      // These need several domains with TLS; test/unit/doctor/shared-connections.test.ts makes them up.
      ...['DOMAINS_SHARE_TLS', 'DOMAINS_SHARE_POOL'],
    ];
    expect(DOCTOR_CODES.filter((code) => !provoked.has(code) && !alone.includes(code))).toEqual([]);
  });
});

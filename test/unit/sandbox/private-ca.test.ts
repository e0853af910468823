import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { isNamedForLibldap } from '../../../src/directory/certificate-name.ts';
import { readText } from '../../../src/files.ts';
import { machineName } from '../../../src/machine-name.ts';
import { createPrivateCa } from '../../../src/sandbox/private-ca.ts';
import { DisposableFolder } from '../../support/disposable-folder.ts';

test('the certificate of a sandbox is for this machine, by Node and by libldap', async () => {
  using folder = new DisposableFolder();
  const { certificate } = await createPrivateCa(folder.path);
  const { subjectAltName: subjectaltname = '' } = new X509Certificate(await readText(certificate));
  const machine = await machineName();
  for (const host of ['localhost', '127.0.0.1', '::1', machine]) {
    expect(isNamedForLibldap(host, { subjectaltname }, machine), host).toBe(true);
    expect(subjectaltname).toContain(host === '::1' ? '0:0:0:0:0:0:0:1' : host);
  }
});

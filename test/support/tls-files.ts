import { join } from 'node:path';
import { runToSuccess } from '../../src/sandbox/run-command.ts';

export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
}

/** A certificate for 127.0.0.1 and localhost that is its own CA, and its key, as files in the folder. */
export async function createTlsFiles(dir: string): Promise<TlsFiles> {
  const [certificate, key] = [join(dir, 'server.pem'), join(dir, 'server.key')];
  const names = 'subjectAltName=IP:127.0.0.1,DNS:localhost';
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key];
  const subject = ['-subj', '/CN=localhost', '-addext', names, '-days', '2'];
  await runToSuccess('openssl', ['req', '-x509', ...newKey, ...subject, '-out', certificate]);
  return { certificate, key };
}

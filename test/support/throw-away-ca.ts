import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A certificate authority in a temporary folder; all values are paths of PEM files. */
export interface ThrowAwayCa extends AsyncDisposable {
  readonly ca: string;
  /** A certificate for names such as `IP:127.0.0.1` or `DNS:ldap.example.com`. */
  issue(
    subjectAltName: string,
    days?: number,
  ): Promise<{ readonly certificate: string; readonly key: string }>;
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

export async function throwAwayCa(): Promise<ThrowAwayCa> {
  const folder = await mkdtemp(join(tmpdir(), 'keystone-ldap-ca-'));
  const at = (name: string): string => join(folder, name);
  const [ca, caKey] = [at('ca.pem'), at('ca.key')];
  const openssl = (...args: readonly string[]) => run('openssl', [...args], { cwd: folder });
  await openssl('req', '-x509', ...KEY, '-keyout', caKey, '-out', ca, '-days', '1', '-subj', '/CN=Test CA');
  return {
    ca,
    issue: async (subjectAltName, days = 1) => {
      const [request, extensions] = [at('server.csr'), at('server.ext')];
      const [certificate, key] = [at('server.pem'), at('server.key')];
      await openssl('req', '-new', ...KEY, '-keyout', key, '-out', request, '-subj', '/CN=Test server');
      await writeFile(extensions, `subjectAltName=${subjectAltName}\n`);
      const signed = [
        '-CA',
        ca,
        '-CAkey',
        caKey,
        '-CAcreateserial',
        '-days',
        String(days),
        '-extfile',
        extensions,
      ];
      await openssl('x509', '-req', '-in', request, '-out', certificate, ...signed);
      return { certificate, key };
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

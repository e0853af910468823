import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newPrivateCa } from '../../src/sandbox/private-ca.ts';

/** A certificate authority in a temporary folder; all values are paths of PEM files. */
export interface ThrowAwayCa extends AsyncDisposable {
  readonly ca: string;
  /** A certificate for an address or a name, such as `127.0.0.1` or `ldap.example.com`. */
  issue(
    name: string,
    days?: number,
    commonName?: string,
  ): Promise<{ readonly certificate: string; readonly key: string }>;
}

export async function throwAwayCa(): Promise<ThrowAwayCa> {
  const folder = await mkdtemp(join(tmpdir(), 'keystone-ldap-ca-'));
  const write = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, text);
    return path;
  };
  const authority = newPrivateCa();
  return {
    ca: await write('ca.pem', authority.ca),
    issue: async (name, days, commonName) => {
      const { certificate, key } = authority.issue({
        names: [name],
        ...(days !== undefined && { days }),
        ...(commonName !== undefined && { commonName }),
      });
      return { certificate: await write('server.pem', certificate), key: await write('server.key', key) };
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

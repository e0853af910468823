import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { machineName } from '../../../src/machine-name.ts';
import { newPrivateCa } from '../../../src/sandbox/private-ca.ts';
import { startSandbox, type Sandbox } from '../../../src/sandbox/start-sandbox.ts';
import type { SlapdInstallation } from '../../../src/sandbox/slapd-installation.ts';
import type { Places } from './system-case.ts';

/** Servers and CA files, good ones and bad ones, that stay for all cases. */
export interface TwinPlaces extends AsyncDisposable {
  /** The certificate of the server that holds the entries. */
  readonly tls: { readonly certificate: string; readonly key: string };
  of(directory: Sandbox): Places;
}

export async function startPlaces(slapd: SlapdInstallation): Promise<TwinPlaces> {
  const folder = await mkdtemp(join(tmpdir(), 'keystone-twin-places-'));
  const write = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  const issue = async (name: string, certificate: { certificate: string; key: string }) => ({
    certificate: await write(`${name}.pem`, certificate.certificate),
    key: await write(`${name}.key`, certificate.key),
  });
  const [ca, otherCa] = [newPrivateCa(), newPrivateCa()];
  for (const dir of ['right', 'wrong', 'empty']) await mkdir(join(folder, dir));
  const places = {
    CA: await write('ca.pem', ca.ca),
    CA_OTHER: await write('other-ca.pem', otherCa.ca),
    CA_BOTH: await write('both.pem', `${otherCa.ca}\n${ca.ca}`),
    CA_GARBAGE: await write('garbage.pem', 'no certificate\n'),
    CA_EMPTY: await write('empty.pem', ''),
    CA_MISSING: join(folder, 'missing.pem'),
    DIR: join(folder, 'right'),
    DIR_OTHER: join(folder, 'wrong'),
    DIR_EMPTY: join(folder, 'empty'),
    DIR_MISSING: join(folder, 'nowhere'),
  };
  await write('right/ca.pem', ca.ca);
  await write('wrong/ca.pem', otherCa.ca);
  // A server without entries, whose certificate another CA signed, or is for another name.
  const foreign = await startSandbox({ slapd, tls: await issue('foreign', otherCa.issue()) });
  const misnamed = await startSandbox({
    slapd,
    tls: await issue('misnamed', ca.issue({ names: ['ldap.example.com', 'localhost'] })),
  });
  return {
    // libldap takes the common name too, and asks for that of the machine in place of localhost.
    tls: await issue('server', ca.issue({ names: ['127.0.0.1'], commonName: await machineName() })),
    of: ({ uri, ldapsUri = '', ldapiUri, password }) => ({
      ...places,
      ...{ URI: uri, LDAPS: ldapsUri, LDAPI: ldapiUri, PASSWORD: password.reveal() },
      UPPER_URI: uri.toUpperCase(),
      ...{ LOCALHOST_URI: atLocalhost(uri), LOCALHOST_LDAPS: atLocalhost(ldapsUri) },
      ...{ FOREIGN_URI: foreign.uri, FOREIGN_LDAPS: foreign.ldapsUri ?? '' },
      ...{ MISNAMED_URI: misnamed.uri, MISNAMED_LDAPS: misnamed.ldapsUri ?? '' },
      MISNAMED_LOCALHOST: atLocalhost(misnamed.ldapsUri ?? ''),
    }),
    async [Symbol.asyncDispose]() {
      await foreign[Symbol.asyncDispose]();
      await misnamed[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

function atLocalhost(uri: string): string {
  return uri.replace('127.0.0.1', 'localhost');
}

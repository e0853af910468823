import { parseLdif } from '../../src/directory/ldif.ts';
import { openSession } from '../../src/directory/open-session.ts';

/** Adds the entries of an LDIF text as the user of this process, who may do everything over ldapi. */
export async function loadLdif(ldapiUri: string, ldif: string): Promise<void> {
  await using session = await openSession({ uri: ldapiUri, credentials: { kind: 'external' } });
  for (const { dn, attributes } of parseLdif(ldif)) await session.add({ dn, attributes });
}

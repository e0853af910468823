import type { Attributes, Entry } from '../../src/directory/entry.ts';
import { present } from '../../src/directory/filter.ts';
import { openSession } from '../../src/directory/open-session.ts';

/** All entries at and below a DN, by DN, as the user of this process sees them. */
export async function readEntries(
  ldapiUri: string,
  base: string,
  attributes: readonly string[] = ['*'],
): Promise<Readonly<Record<string, Attributes>>> {
  await using session = await openSession({ uri: ldapiUri, credentials: { kind: 'external' } });
  const entries: Entry[] = [];
  const request = { base, scope: 'sub', filter: present('objectClass'), attributes } as const;
  for await (const entry of session.search(request)) entries.push(entry);
  return Object.fromEntries(entries.map((entry) => [entry.dn, entry.attributes]));
}

/** How many entries there are at and below a DN. */
export async function countEntries(ldapiUri: string, base: string): Promise<number> {
  return Object.keys(await readEntries(ldapiUri, base, ['1.1'])).length;
}

/** What any write would change: the change sequence number of each entry of the data and of cn=config. */
export async function changeNumbers(ldapiUri: string, suffix: string): Promise<unknown> {
  const attributes = ['entryCSN', 'modifyTimestamp'];
  return [
    await readEntries(ldapiUri, suffix, attributes),
    await readEntries(ldapiUri, 'cn=config', attributes),
  ];
}

import { dnKey, isWithin, parentDn, parseDn } from '../directory/dn.ts';
import type { NewAttributes, NewEntry } from '../directory/entry.ts';
import type { Session } from '../directory/session.ts';
import { KeystoneLdapError } from '../errors.ts';
import type { AddEntry } from './change.ts';

/** What an entry made for an RDN of this type is; the classes are in OpenLDAP's core schema. */
const CONTAINER_CLASSES: Readonly<Record<string, readonly string[]>> = {
  ou: ['organizationalUnit'],
  o: ['organization'],
  l: ['locality'],
  cn: ['organizationalRole'],
  dc: ['organization', 'dcObject'],
};

/**
 * The entries that are missing between a naming context of the server and the given DNs, parents first. Nothing that
 * exists is touched.
 * @throws `NO_NAMING_CONTEXT`, or `INPUT_INVALID` for an RDN that no container can be made for
 */
export async function planTrees(
  session: Session,
  dns: Readonly<Record<string, string>>,
): Promise<readonly AddEntry[]> {
  const contexts = await namingContexts(session);
  const wanted = new Map<string, { dn: string; label: string }>();
  for (const [label, dn] of Object.entries(dns)) {
    const path = pathWithin(dn, contextOf(dn, label, contexts));
    for (const step of path)
      if (!wanted.has(dnKey(step))) wanted.set(dnKey(step), { dn: step, label: labelOf(step, dn, label) });
  }
  const changes: AddEntry[] = [];
  for (const { dn, label } of wanted.values()) {
    if ((await session.read(dn, ['1.1'])) !== undefined) continue;
    changes.push({ kind: 'add-entry', dn, label, attributes: containerAttributes(dn) });
  }
  return changes;
}

/** The entries from a suffix down to these DNs, parents first, for a database that is blank. */
export function containersBelow(suffix: string, dns: readonly string[]): readonly NewEntry[] {
  const steps = new Map(
    dns.flatMap((dn) => pathWithin(dn, contextOf(dn, 'tree', [suffix]))).map((dn) => [dnKey(dn), dn]),
  );
  return [...steps.values()].map((dn) => ({ dn, attributes: containerAttributes(dn) }));
}

/** The suffixes that the server holds (RFC 4512 section 5.1). */
export async function namingContexts(session: Session): Promise<readonly string[]> {
  const root = await session.read('', ['namingContexts']);
  return root?.attributes['namingContexts'] ?? [];
}

function contextOf(dn: string, label: string, contexts: readonly string[]): string {
  const context = contexts.find((candidate) => isWithin(dn, candidate));
  if (context !== undefined) return context;
  throw new KeystoneLdapError('NO_NAMING_CONTEXT', `The ${label} ${dn} lies in no database of the server.`, {
    hint:
      contexts.length === 0
        ? 'The server shows no naming context; is a database configured, and may this identity read the root DSE?'
        : `The server holds: ${contexts.join(' and ')}. Give --suffix, or the trees, below one of them.`,
  });
}

/** From the naming context, included, down to the entry. */
function pathWithin(dn: string, context: string): readonly string[] {
  const path = [dn];
  for (let at = dn; dnKey(at) !== dnKey(context); path.unshift(at)) at = parentDn(at);
  return path;
}

function labelOf(step: string, dn: string, label: string): string {
  return step === dn ? label : `above the ${label}`;
}

function containerAttributes(dn: string): NewAttributes {
  const attributes: Record<string, string[]> = {};
  const [rdn = []] = parseDn(dn);
  const classes = rdn.flatMap(({ type }) => CONTAINER_CLASSES[type.toLowerCase()] ?? []);
  if (rdn.length !== 1 || classes.length === 0)
    throw new KeystoneLdapError(
      'INPUT_INVALID',
      `${dn} is missing, and keystone-ldap cannot tell what kind of entry it shall be.`,
      {
        hint: `It makes entries named by ${Object.keys(CONTAINER_CLASSES).join(', ')}; create this one yourself and run the command again.`,
      },
    );
  for (const { type, value } of rdn) attributes[type] = [value];
  // An organization needs its name besides the dc of its RDN.
  if (classes.includes('dcObject')) attributes['o'] = [rdn[0]?.value ?? ''];
  return { objectClass: classes, ...attributes };
}

import { foldCase, isWithin } from '../../directory/dn.ts';
import { valuesOf, type Entry } from '../../directory/entry.ts';
import { present } from '../../directory/filter.ts';
import type { Layout } from '../../releases/release.ts';
import { hasEquality } from '../class-attributes.ts';
import type { DirectoryCheck, DirectoryContext } from './check.ts';

/** Whether the server has an index for each attribute by which Keystone searches. */
export const indexes: DirectoryCheck = async function* (context) {
  const { backend, session, schema, onRemark } = context;
  if (backend.unsearchable.has('user')) return;
  const databases = await readDatabases(context);
  const database = databases.find((entry) =>
    valuesOf(entry, 'olcSuffix').some((suffix) => isWithin(backend.trees.user, suffix)),
  );
  // A tree in none of the databases is a finding of its own.
  if (database === undefined && databases.length > 0) return;
  if (database === undefined) {
    onRemark(`Indexes of ${session.uri} not checked: cannot read cn=config (see --config-uri).`);
    return;
  }
  const indexed = new Set(
    valuesOf(database, 'olcDbIndex').flatMap((line) => {
      const [names = '', kinds = 'eq'] = line.replace(/^\{\d+\}/, '').split(/\s+/);
      return kinds.split(',').includes('eq') ? names.split(',').map(foldCase) : [];
    }),
  );
  // slapd refuses an index of an attribute that it does not know; that is a finding of its own.
  const lacking = filteredAttributes(backend.release.layout).filter(
    (name) => !indexed.has(foldCase(name)) && hasEquality(schema, name),
  );
  if (lacking.length > 0)
    yield {
      code: 'INDEX_MISSING',
      severity: 'warning',
      subject: database.dn,
      message: `it has no equality index for ${lacking.join(', ')}, by which Keystone searches; each login and listing then reads every entry`,
      remedy: `Change olcDbIndex of ${database.dn}: ${indexChanges(lacking, valuesOf(database, 'olcDbIndex')).join('; ')}. slapd then makes the index.`,
    };
};

/** slapd takes one line for each attribute: one that has other kinds gets the kind, the rest a line of its own. */
function indexChanges(lacking: readonly string[], lines: readonly string[]): readonly string[] {
  const wanted = new Set(lacking.map(foldCase));
  const changes: string[] = [];
  for (const line of lines.map((one) => one.replace(/^\{\d+\}/, ''))) {
    const names = (line.split(/\s+/)[0] ?? '').split(',').map(foldCase);
    if (!names.some((name) => wanted.has(name))) continue;
    changes.push(`in place of "${line}" write "${line},eq"`);
    for (const name of names) wanted.delete(name);
  }
  const rest = lacking.filter((name) => wanted.has(foldCase(name)));
  return rest.length === 0 ? changes : [...changes, `add "${rest.join(',')} eq"`];
}

async function readDatabases({ config, session }: DirectoryContext): Promise<readonly Entry[]> {
  const found: Entry[] = [];
  const request = { base: 'cn=config', scope: 'one', filter: present('olcSuffix') } as const;
  const attributes = ['olcSuffix', 'olcDbIndex'];
  for await (const entry of (config ?? session).search({ ...request, attributes })) found.push(entry);
  return found;
}

function filteredAttributes({ user, group, tenant, role }: Layout): readonly string[] {
  const layouts = [user, group, tenant, role].filter((layout) => layout !== undefined);
  const names = layouts.flatMap(({ rdn, nameAttribute, members }) => [rdn, nameAttribute, members]);
  const all = ['objectClass', ...names].filter((name) => name !== undefined);
  return [...new Map(all.map((name) => [foldCase(name), name])).values()];
}

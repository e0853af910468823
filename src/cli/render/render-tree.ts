import { dnKey, formatDn, parentDn, parseDn } from '../../directory/dn.ts';
import { valuesOf, type Entry } from '../../directory/entry.ts';
import { present } from '../../directory/filter.ts';
import type { Session } from '../../directory/session.ts';

/** All entries from `base` down, one line each with its `keystoneName`, children in the server's order. */
export async function renderTree(directory: Session, base: string): Promise<string> {
  const children = new Map<string, Entry[]>();
  const request = { base, scope: 'sub', filter: present('objectClass'), attributes: [NAME] } as const;
  for await (const entry of directory.search(request)) {
    if (dnKey(entry.dn) === dnKey(base)) continue;
    const parent = dnKey(parentDn(entry.dn));
    children.set(parent, [...(children.get(parent) ?? []), entry]);
  }
  return [base, ...branches(base, children, '')].join('\n');
}

function branches(dn: string, children: ReadonlyMap<string, readonly Entry[]>, indent: string): string[] {
  const below = children.get(dnKey(dn)) ?? [];
  return below.flatMap((child, index) => {
    const isLast = index === below.length - 1;
    const rdn = formatDn(parseDn(child.dn).slice(0, 1));
    const name = valuesOf(child, NAME)
      .map((value) => ` (${value})`)
      .join('');
    return [
      `${indent}${isLast ? '└── ' : '├── '}${rdn}${name}`,
      ...branches(child.dn, children, `${indent}${isLast ? '    ' : '│   '}`),
    ];
  });
}

/** What tells entries apart that are named by random ids. */
const NAME = 'keystoneName';

import { dnKey, formatDn, parentDn, parseDn } from '../directory/dn.ts';
import { present } from '../directory/filter.ts';
import type { Session } from '../directory/session.ts';

/** All entries from `base` down, one line each, children below their parent in the server's order. */
export async function renderTree(directory: Session, base: string): Promise<string> {
  const children = new Map<string, string[]>();
  const request = { base, scope: 'sub', filter: present('objectClass'), attributes: ['1.1'] } as const;
  for await (const { dn } of directory.search(request)) {
    if (dnKey(dn) === dnKey(base)) continue;
    const parent = dnKey(parentDn(dn));
    children.set(parent, [...(children.get(parent) ?? []), dn]);
  }
  return [base, ...branches(base, children, '')].join('\n');
}

function branches(dn: string, children: ReadonlyMap<string, readonly string[]>, indent: string): string[] {
  const below = children.get(dnKey(dn)) ?? [];
  return below.flatMap((child, index) => {
    const isLast = index === below.length - 1;
    const name = formatDn(parseDn(child).slice(0, 1));
    return [
      `${indent}${isLast ? '└── ' : '├── '}${name}`,
      ...branches(child, children, `${indent}${isLast ? '    ' : '│   '}`),
    ];
  });
}

import type { Layout } from '../../releases/release.ts';
import type { Identities } from '../identities.ts';
import type { NameFault } from './name-fault.ts';
import { positionOf } from '../read/source.ts';

/** Who is to lie deeper than Keystone looks. */
export function checkBelow({ users, groups }: Identities, { scope }: Layout): NameFault[] {
  if (scope === 'sub') return [];
  return Object.entries({ user: users, group: groups }).flatMap(([kind, items]) =>
    items
      .filter(({ below }) => below !== undefined)
      .map((item): NameFault => ({
        code: 'BELOW_SCOPE',
        severity: 'unsafe',
        at: positionOf(item, 'below'),
        message: `${kind} "${item.name}" is to be below ${item.below ?? ''}, but Keystone looks one level below its tree only and would not find it; from 2013.1 on --map query_scope=sub (here and for configure) makes it look further down`,
      })),
  );
}

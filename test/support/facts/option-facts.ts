import { findInCatalogue, isSince, releaseIndex, type ReleaseName } from '../../../src/releases/catalogue.ts';
import { factsTable, quoted } from './facts-table.ts';

/** A row of the table of all options that `[ldap]` ever had. */
export interface OptionFact {
  readonly name: string;
  readonly type: string;
  readonly added: ReleaseName;
  /** The first release without it, or with another name for it. */
  readonly removed: ReleaseName | undefined;
  readonly deprecated: ReleaseName | undefined;
  readonly undeprecated: ReleaseName | undefined;
  /** The declared defaults, oldest first, as text; `undefined` is unset. */
  readonly defaults: readonly (readonly [since: ReleaseName, value: string | undefined])[];
}

/** Those that a general release has; what came with point releases alone is left out. */
export function optionFacts(): readonly OptionFact[] {
  const rows = factsTable('B2').filter(({ added = '' }) => !added.endsWith('only'));
  return rows.map((row) => {
    const { option = '', type = '', added = '', 'dep.': deprecated = '', removed = '' } = row;
    const since = releaseOf(added);
    if (since === undefined) throw new Error(`The facts do not tell when ${option} came.`);
    const renamedIn = /^renamed \S+ (\S+);/.exec(removed)?.[1];
    return {
      name: option,
      type,
      added: since,
      removed: releaseOf(renamedIn ?? removed),
      deprecated: releaseOf(deprecated),
      undeprecated: releaseOf(/un-deprecated (\d+)/.exec(deprecated)?.[1] ?? ''),
      defaults: defaultsOf(row['default (from release)'] ?? '', since),
    };
  });
}

/** Whether a general release has the option under this name. */
export function isFactIn({ added, removed }: OptionFact, release: ReleaseName): boolean {
  return isSince(release, added) && (removed === undefined || releaseIndex(release) < releaseIndex(removed));
}

export function isDeprecatedFact(fact: OptionFact, release: ReleaseName): boolean {
  const { deprecated, undeprecated } = fact;
  if (deprecated === undefined || !isSince(release, deprecated)) return false;
  return undeprecated === undefined || !isSince(release, undeprecated);
}

/** The default that the release declares. */
export function factDefault({ defaults }: OptionFact, release: ReleaseName): string | undefined {
  return defaults.findLast(([since]) => isSince(release, since))?.[1];
}

function defaultsOf(cell: string, added: ReleaseName): OptionFact['defaults'] {
  return cell.split('; ').map((part) => {
    const since = /\((\S+)\+\)$/.exec(part)?.[1];
    return [(since === undefined ? undefined : releaseOf(since)) ?? added, defaultText(part)] as const;
  });
}

/** A default as the tables write it: in code quotes, or as a bare word. */
export function defaultText(cell: string): string | undefined {
  const [code] = quoted(cell);
  if (code !== undefined && !cell.startsWith('unset')) return code;
  const [word = ''] = cell.split(' ');
  if (word === '—' || word === 'unset') return undefined;
  return word === 'empty' ? '' : word.replace('−', '-');
}

/** The first release that a cell names; `undefined` for a dash. */
function releaseOf(cell: string): ReleaseName | undefined {
  const [first = ''] = cell.split(' ');
  return findInCatalogue(first)?.name;
}

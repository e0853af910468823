import { isSince, releaseIndex, type ReleaseName } from '../../../src/releases/catalogue.ts';
import { readFacts, valueIn } from './read-facts.ts';

/** An option that `[ldap]` had in some release. */
export interface OptionFact {
  readonly name: string;
  readonly type: string;
  readonly added: ReleaseName;
  /** The declared defaults, oldest first, as text; `~` is unset. */
  readonly default: Readonly<Partial<Record<ReleaseName, string>>>;
  /** The first release without it, or with another name for it. */
  readonly removed?: ReleaseName;
  readonly deprecated?: ReleaseName;
  readonly undeprecated?: ReleaseName;
}

const OPTIONS = readFacts('ldap-options.yaml') as Readonly<
  Record<string, Omit<OptionFact, 'name' | 'added'>>
>;

export const OPTION_FACTS: readonly OptionFact[] = Object.entries(OPTIONS).map(([name, fact]) => {
  const [added] = Object.keys(fact.default) as ReleaseName[];
  if (added === undefined) throw new Error(`${name} has no default in any release`);
  return { name, added, ...fact };
});

/** Whether a general release has the option under this name. */
export function isFactIn({ added, removed }: OptionFact, release: ReleaseName): boolean {
  return isSince(release, added) && (removed === undefined || releaseIndex(release) < releaseIndex(removed));
}

export function isDeprecatedFact({ deprecated, undeprecated }: OptionFact, release: ReleaseName): boolean {
  if (deprecated === undefined || !isSince(release, deprecated)) return false;
  return undeprecated === undefined || !isSince(release, undeprecated);
}

/** The default that the release declares. */
export function factDefault(fact: OptionFact, release: ReleaseName): string | undefined {
  const text = valueIn(fact.default, release);
  return text === '~' ? undefined : text;
}

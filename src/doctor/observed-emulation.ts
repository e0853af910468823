import type { Session } from '../directory/session.ts';
import { emulationGroupDn } from '../identities/entries/emulation-group.ts';
import { findInCatalogue, type CatalogueRelease } from '../releases/catalogue.ts';
import type { LdapSettings } from '../releases/layout-options.ts';
import { modernRelease } from '../releases/modern.ts';
import type { EnabledKind, Release, Trees } from '../releases/release.ts';
import { countEnabled, type EnabledCount } from './count-enabled.ts';
import { KeystoneFailure } from './keystone-driver.ts';

/** How many entries would be enabled if their `enabled` were emulated by a group. */
export interface ObservedEmulation extends EnabledCount {
  /** `user_enabled_emulation` or another of its kind. */
  readonly option: string;
  readonly group: string;
  /** Whether the group has entries of the tree as members, or gets some by the plan. */
  readonly isUsed: boolean;
}

/** What a plan is about to make of the directory. */
export interface PlannedEntries {
  readonly fillGroup: (dn: string) => boolean;
  /** Whether the entry with a DN is declared, and so will be in the group unless it is declared disabled. */
  readonly isDeclared: () => Promise<(dn: string) => boolean>;
}

export interface EmulationTarget {
  readonly entry: CatalogueRelease;
  /** The other options of `[ldap]` that are in effect. */
  readonly options: LdapSettings;
  readonly holding: 'identity' | 'all';
  readonly trees: Trees;
}

/** The options among these by which enabled is emulated, with the kind of entries that each is about. */
export function emulationOptions(
  names: readonly string[],
): readonly { readonly option: string; readonly kind: EnabledKind }[] {
  return names.flatMap((option) => {
    const kind = KINDS[option];
    return kind === undefined ? [] : [{ option, kind }];
  });
}

const KINDS: Readonly<Record<string, EnabledKind>> = {
  user_enabled_emulation: 'user',
  project_enabled_emulation: 'tenant',
  domain_enabled_emulation: 'domain',
};

/** What the groups of the enabled say that these options would make Keystone ask. It writes nothing. */
export async function observedEmulation(
  directory: Session,
  { entry, options, holding, trees }: EmulationTarget,
  names: readonly string[],
  planned?: PlannedEntries,
): Promise<readonly ObservedEmulation[]> {
  const found: ObservedEmulation[] = [];
  for (const { option, kind } of emulationOptions(names)) {
    const { layout } = modernRelease(entry, { options: { ...options, [option]: true }, holding });
    if (layout[kind]?.enabled.kind !== 'group') continue;
    const target = { layout, trees };
    const group = emulationGroupDn(kind, target);
    const now = await countOrNobody(directory, kind, target);
    const isUsed = now.enabled > 0 || planned?.fillGroup(group) === true;
    const willBe = isUsed && now.enabled < now.all ? await planned?.isDeclared() : undefined;
    const then = willBe === undefined ? now : await countEnabled(directory, kind, target, willBe);
    found.push({ ...then, option, group, isUsed });
  }
  return found;
}

/** Where Keystone fails at the list, it is not for the group of the enabled to say who is in it. */
async function countOrNobody(
  directory: Session,
  kind: EnabledKind,
  target: Parameters<typeof countEnabled>[2],
): Promise<EnabledCount> {
  try {
    return await countEnabled(directory, kind, target);
  } catch (error) {
    if (error instanceof KeystoneFailure) return { kind, all: 0, enabled: 0 };
    throw error;
  }
}

/**
 * The release as `configure` sets it up for this directory: emulated is only what nobody asked for by a group that has
 * entries of the tree as members.
 */
export async function releaseAsObserved(
  directory: Session,
  release: Release,
  trees: Trees,
): Promise<Release> {
  const entry = findInCatalogue(release.version ?? release.name);
  const { conf, layout } = release;
  if (entry === undefined || conf.kind !== 'oslo') return release;
  const holding = layout.tenant === undefined ? 'identity' : 'all';
  const target = { entry, options: conf.options, holding, trees } as const;
  const found = await observedEmulation(directory, target, conf.usual);
  const unused = found.filter(({ isUsed }) => !isUsed).map(({ option }) => [option, false] as const);
  if (unused.length === 0) return release;
  return modernRelease(entry, { options: { ...conf.options, ...Object.fromEntries(unused) }, holding });
}

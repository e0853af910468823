import { isSince } from './catalogue.ts';
import { ENABLED_AS_BOOLEAN, hasChange, hasUpstream } from './code-change.ts';
import { defaultEmulationGroup } from './default-trees.ts';
import type { LayoutOptions } from './layout-options.ts';
import type { EnabledForm, EnabledReading, EntryLayout, UserLayout } from './release.ts';

/** Makes the layout of those groups that a group of the enabled may look like: few releases need it. */
type Groups = () => EntryLayout;

/** What says of a user whether it is enabled. */
export function userEnabled(options: LayoutOptions, groups: Groups): EnabledForm {
  const isIgnored = options.list('user_attribute_ignore').includes('enabled');
  if (options.value('user_enabled_emulation') === true) {
    // Keystone then asks neither the attribute nor the group.
    if (isIgnored) return { kind: 'always' };
    return {
      ...emulation(groups, options.value('user_enabled_emulation_use_group_config') === true),
      rdn: 'cn=enabled_users',
      dn: options.text('user_enabled_emulation_dn'),
    };
  }
  if (!isSince(options.release, '2013.1')) return { kind: 'always' };
  const form = attributeForm(options, options.named('user_enabled_attribute', 'enabled'));
  if (isIgnored && !(isInvertedUnasked(options) && form.absent === false)) return { kind: 'always' };
  const isReadable = options.attribute('user_enabled_attribute', 'enabled', 'user') !== undefined;
  // What no entry can have still has a default, which may disable everybody.
  if (isReadable || form.absent === false) return form;
  const isNamed = options.value('user_enabled_attribute') !== '';
  return { kind: 'always', ...(isNamed && { unlessRead: form }) };
}

/** A mask is laid on the default also where `enabled` is ignored, and before a fix the default is inverted there too. */
function isInvertedUnasked(options: LayoutOptions): boolean {
  if (Number(options.value('user_enabled_mask') ?? 0) !== 0) return true;
  return options.value('user_enabled_invert') === true && !hasUpstream(ENABLED_AS_BOOLEAN, options.code);
}

/** With a mask, Keystone reads a number, also if emulation then says who is enabled. */
export function userMask(options: LayoutOptions): UserLayout['masked'] {
  const mask = options.value('user_enabled_mask');
  const isEmpty = mask === undefined && isSince(options.release, '2013.1');
  if (Number(mask ?? 0) === 0 && !isEmpty) return undefined;
  return {
    ...(isEmpty && { isEmpty }),
    attribute: options.named('user_enabled_attribute', 'enabled'),
    absent: String(options.value('user_enabled_default') ?? ''),
    isIgnored: options.list('user_attribute_ignore').includes('enabled'),
  };
}

function attributeForm(
  options: LayoutOptions,
  attribute: string,
): Extract<EnabledForm, { kind: 'attribute' }> {
  const absent = String(options.value('user_enabled_default') ?? 'True');
  const mask = Number(options.value('user_enabled_mask') ?? 0);
  if (mask > 0) {
    const enabled = Number(absent) & ~mask;
    const isEnabled = (Number(absent) & mask) !== mask;
    return {
      kind: 'attribute',
      attribute,
      enabled: `${enabled}`,
      disabled: `${enabled | mask}`,
      absent: isEnabled,
      mask,
    };
  }
  const isLock = options.value('user_enabled_invert') === true;
  const reads = readingOf(options, attribute, isLock);
  const [enabled, disabled] = isLock ? ['FALSE', 'TRUE'] : ['TRUE', 'FALSE'];
  return {
    kind: 'attribute',
    attribute,
    enabled,
    disabled,
    // Before the fix, a default counts only with a mask or inverted.
    absent: reads.words === 'any' ? (absent.toLowerCase() === 'true') !== isLock : true,
    reads,
  };
}

/**
 * Until the fix of OSSA-2026-007 only what is inverted is made a boolean. Kilo (2015.1) left numbers and booleans to an attribute
 * of the name `enabled`; with Python 3, which Ussuri requires, none of its words is a boolean.
 */
function readingOf({ release, code }: LayoutOptions, attribute: string, isLock: boolean): EnabledReading {
  const isOwn = attribute.toLowerCase() === 'enabled' || !isSince(release, '2015.1');
  const isBoolean = isLock || hasChange(ENABLED_AS_BOOLEAN, code) !== false;
  const isPython2 = isOwn && !isSince(release, 'ussuri');
  return { numbers: isOwn, words: isBoolean ? 'any' : isPython2 ? 'capitals' : 'none' };
}

/** Of what has no attribute for it. */
export function emulatedEnabled(
  options: LayoutOptions,
  kind: 'project' | 'domain',
  groups: Groups,
): EnabledForm {
  if (options.value(`${kind}_enabled_emulation`) !== true) return { kind: 'always' };
  const rdn = defaultEmulationGroup(options.release, kind, '').replace(/,$/, '');
  const isLikeGroups = options.value(`${kind}_enabled_emulation_use_group_config`) === true;
  return { ...emulation(groups, isLikeGroups), rdn, dn: options.text(`${kind}_enabled_emulation_dn`) };
}

/** The group of those who are enabled looks like any other only where that is asked for. */
function emulation(groups: Groups, isLikeGroups: boolean) {
  const usual = { kind: 'group', marker: 'groupOfNames', members: 'member', membersAre: 'dns' } as const;
  if (!isLikeGroups) return usual;
  const { marker, members, membersAre } = groups();
  return members !== undefined ? { ...usual, marker, members, membersAre } : usual;
}

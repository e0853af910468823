import { isSince, type ReleaseName } from '../releases/catalogue.ts';
import { SHORT_PLUGIN_NAMES } from '../releases/service-options.ts';
import { tokenProviderRemoved } from '../releases/token-providers.ts';
import type { ConfDocument } from './document.ts';
import { findOptions, optionText, optionValue } from './option-value.ts';
import { osloEdit } from './oslo-edit.ts';
import type { UpgradePlan } from './upgrade-conf.ts';

/** Options that name a plugin of Keystone, besides the drivers of what LDAP can hold. */
const PLUGIN_OPTIONS = [
  ['identity_mapping', 'driver'],
  ['identity_mapping', 'generator'],
] as const;
const [TOKEN, PROVIDER] = ['token', 'provider'];

/** Class paths become short names from Liberty on; a token provider that is gone makes room for the default. */
export function upgradePlugins(doc: ConfDocument, to: ReleaseName): UpgradePlan {
  const provider = optionValue(doc, TOKEN, PROVIDER) ?? '';
  const removed = tokenProviderRemoved(SHORT_PLUGIN_NAMES[provider] ?? provider, to);
  const options = removed === undefined ? [...PLUGIN_OPTIONS, [TOKEN, PROVIDER] as const] : PLUGIN_OPTIONS;
  const renamed = options.flatMap(([section, option]) => {
    const short = SHORT_PLUGIN_NAMES[optionValue(doc, section, option) ?? ''];
    if (short === undefined || !isSince(to, 'liberty')) return [];
    return osloEdit(doc, section, option, { value: short }) ?? [];
  });
  if (removed === undefined) return { edits: renamed, notes: [] };
  const note = `The token provider ${provider} went with ${removed}; ${to} has fernet by default.`;
  const from = optionText(doc, TOKEN, PROVIDER);
  const line = findOptions(doc, TOKEN, PROVIDER).at(-1)?.line ?? 0;
  return {
    edits: [...renamed, { section: TOKEN, option: PROVIDER, from, to: undefined, note }],
    notes: [
      {
        code: 'TOKEN_PROVIDER_REMOVED',
        message: `${note} Run "keystone-manage fernet_setup" before ${to} starts; old tokens end with the upgrade.`,
        line: line + 1,
      },
    ],
  };
}

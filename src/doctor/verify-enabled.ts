import type { Session } from '../directory/session.ts';
import { enabledSettings } from './checks/enabled-settings.ts';
import { countEnabled, everybodyDisabled } from './count-enabled.ts';
import type { Finding } from './finding.ts';
import { optionValue } from '../keystone-conf/document/option-value.ts';
import type { LdapSettings } from '../releases/layout-options.ts';
import type { OptionValue } from '../releases/option-history.ts';
import { isCut, type TreesSource, type TreeTarget } from './verify-trees.ts';

/** A flag may have set another value than the file. */
function settingsOf(
  options: LdapSettings,
  source: TreesSource | undefined,
): Parameters<typeof enabledSettings>[0] {
  const doc = source?.doc;
  const file = doc?.file ?? 'keystone.conf';
  const isSame = (name: string): boolean =>
    doc !== undefined && sameText(optionValue(doc, 'ldap', name), options[name]);
  return { file, options, ...(doc !== undefined && ENABLED_OPTIONS.every(isSame) && { doc }) };
}

const ENABLED_OPTIONS = ['user_enabled_default', 'user_enabled_mask'];

/** What the file leaves out is at its default. */
function sameText(written: string | undefined, value: OptionValue | undefined): boolean {
  return written === undefined || written.toLowerCase() === String(value ?? '').toLowerCase();
}

const OTHER_KINDS = ['tenant', 'domain'] as const;

/** Whether the options can enable anybody, and whether any tenant or domain is enabled, where there are some. */
export async function* verifyEnabled(
  directory: Session,
  { release, trees, conf: source }: TreeTarget & { readonly conf?: TreesSource | undefined },
): AsyncGenerator<Finding> {
  const { layout, conf } = release;
  if (conf.kind === 'oslo')
    for (const finding of enabledSettings(settingsOf(conf.options, source)))
      if (finding.severity === 'error') yield finding;
  const target = { layout, trees };
  for (const kind of OTHER_KINDS) {
    if (layout[kind] === undefined || layout[kind].enabled.kind === 'always') continue;
    try {
      const finding = everybodyDisabled(await countEnabled(directory, kind, target), target);
      if (finding !== undefined) yield finding;
    } catch (error) {
      // That the server does not give all of them is a finding of its own.
      if (!isCut(error)) throw error;
    }
  }
}

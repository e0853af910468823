import type { Session } from '../directory/session.ts';
import { enabledSettings } from './checks/enabled-settings.ts';
import { countEnabled, everybodyDisabled } from './count-enabled.ts';
import type { Finding } from './finding.ts';
import { isCut, type TreeTarget } from './verify-trees.ts';

const OTHER_KINDS = ['tenant', 'domain'] as const;

/** Whether the options can enable anybody, and whether any tenant or domain is enabled, where there are some. */
export async function* verifyEnabled(
  directory: Session,
  { release, trees }: TreeTarget,
): AsyncGenerator<Finding> {
  const { layout, conf } = release;
  if (conf.kind === 'oslo')
    for (const finding of enabledSettings({ file: 'keystone.conf', options: conf.options }))
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

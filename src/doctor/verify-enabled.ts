import type { Session } from '../directory/session.ts';
import { ENABLED_KINDS } from '../releases/release.ts';
import { enabledSettings } from './checks/enabled-settings.ts';
import { countEnabled, everybodyDisabled } from './count-enabled.ts';
import type { Finding } from './finding.ts';
import { isCut, type TreeTarget } from './verify-trees.ts';

/** Whether anybody at all may log in, if somebody is there. */
export async function* verifyEnabled(
  directory: Session,
  { release, trees }: TreeTarget,
): AsyncGenerator<Finding> {
  const { layout, conf } = release;
  if (conf.kind === 'oslo')
    for (const finding of enabledSettings({ file: 'keystone.conf', options: conf.options }))
      if (finding.severity === 'error') yield finding;
  const target = { layout, trees };
  for (const kind of ENABLED_KINDS) {
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

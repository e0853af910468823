import { valuesOf } from '../../directory/entry.ts';
import { maskedNumber } from '../../identities/entries/enabled-mask.ts';
import { isEnabledBy } from '../../identities/entries/enabled-value.ts';
import { enabledAttributeForm } from '../../releases/layout-of.ts';
import type { EnabledAttribute } from '../../releases/release.ts';
import type { Finding } from '../finding.ts';
import { optionSubject } from '../option-place.ts';
import type { MakeEntryCheck } from './check.ts';
import { enabledSettings } from './enabled-settings.ts';

/** Whether the attribute that says who is enabled, with its default, leaves anybody enabled. */
export const nobodyEnabled: MakeEntryCheck = ({ backend }) => {
  const form = enabledAttributeForm(backend.release.layout.user.enabled);
  let [all, on, lacking, unclear] = [0, 0, 0, 0];
  return {
    see(entry) {
      if (form === undefined) return;
      const [value] = valuesOf(entry, form.attribute);
      all += 1;
      lacking += value === undefined ? 1 : 0;
      unclear += value === undefined || isClear(value, form) ? 0 : 1;
      on += isEnabledBy(form, entry) ? 1 : 0;
    },
    *findings(): Generator<Finding> {
      // What is no truth value, or a default that is none, is the cause and a finding of its own.
      if (form === undefined || all === 0 || on > 0 || unclear > 0) return;
      if (!enabledSettings(backend).next().done) return;
      const isInverted = backend.options['user_enabled_invert'] === true;
      const better = form.mask !== undefined ? '512' : isInverted ? 'False' : 'True';
      yield {
        ...{
          code: 'EVERYBODY_DISABLED',
          severity: 'error',
          subject: `users below ${backend.trees.user}`,
          count: all,
        },
        message: `all ${all} are disabled: ${lacking} have no ${form.attribute}, for whom ${isInverted ? 'the opposite of ' : ''}the default counts (${optionSubject(backend.doc, 'ldap', 'user_enabled_default')}); Keystone refuses every login`,
        remedy:
          lacking > 0
            ? `Set user_enabled_default = ${better}.`
            : `Decide whether these users are to be disabled; if not, correct ${form.attribute} of their entries, or user_enabled_invert.`,
      };
    },
  };
};

function isClear(value: string, { mask }: EnabledAttribute): boolean {
  return mask === undefined ? /^(?:true|false|\d+)$/i.test(value) : maskedNumber(value) !== undefined;
}

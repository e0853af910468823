import { valuesOf } from '../../directory/entry.ts';
import { maskedNumber } from '../../identities/enabled-mask.ts';
import type { Finding } from '../finding.ts';
import { Tally } from '../tally.ts';
import type { MakeEntryCheck } from './check.ts';

/** Whether the attribute that says who is enabled ever says it in a form that Keystone understands. */
export const enabledValues: MakeEntryCheck = ({ backend }) => {
  const { enabled } = backend.release.layout.user;
  const wrong = new Tally();
  let right = 0;
  return {
    see(entry) {
      const value = enabled.kind === 'attribute' ? valuesOf(entry, enabled.attribute)[0] : undefined;
      if (enabled.kind !== 'attribute' || value === undefined) return;
      if (enabled.mask === undefined ? /^(?:true|false)$/i.test(value) : maskedNumber(value) !== undefined)
        right += 1;
      else wrong.add(`${entry.dn} (${value.slice(0, 40)})`);
    },
    *findings(): Generator<Finding> {
      if (wrong.count === 0 || enabled.kind !== 'attribute') return;
      const isNumber = enabled.mask !== undefined;
      yield {
        code: 'ENABLED_NOT_BOOLEAN',
        severity: 'error',
        subject: `user_enabled_attribute ${enabled.attribute}`,
        count: wrong.count,
        message: `${right === 0 ? 'it never is' : 'it is not always'} ${isNumber ? 'a number' : 'TRUE or FALSE'}, but for ${wrong.text}; ${isNumber ? 'reading such a user ends in HTTP 500' : 'Keystone takes anything but TRUE for FALSE'}`,
        remedy: `Decide what these values mean: write ${isNumber ? 'a number' : 'TRUE or FALSE'} into ${enabled.attribute}, or name the attribute that says who is enabled in user_enabled_attribute.`,
      };
    },
  };
};

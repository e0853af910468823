import { valuesOf } from '../../directory/entry.ts';
import { maskedNumber } from '../../identities/entries/enabled-mask.ts';
import { readEnabled } from '../../identities/entries/enabled-value.ts';
import type { EnabledAttribute } from '../../releases/release.ts';
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
      const isNumber = enabled.mask !== undefined && maskedNumber(value) !== undefined;
      if (
        isNumber ||
        (enabled.mask === undefined && isUnderstood(value, readEnabled(enabled, entry), enabled))
      )
        right += 1;
      else wrong.add(`${entry.dn} (${value.slice(0, 40)})`);
    },
    *findings(): Generator<Finding> {
      if (wrong.count === 0 || enabled.kind !== 'attribute') return;
      const form = enabled.mask !== undefined ? 'a number' : 'TRUE or FALSE';
      yield {
        code: 'ENABLED_NOT_BOOLEAN',
        severity: 'error',
        subject: `user_enabled_attribute ${enabled.attribute}`,
        count: wrong.count,
        message: `${right === 0 ? 'it never is' : 'it is not always'} ${form}, but for ${wrong.text}; ${consequence(enabled)}`,
        remedy: `Decide what these values mean: write ${form} into ${enabled.attribute}, or name the attribute that says who is enabled in user_enabled_attribute.`,
      };
    },
  };
};

function isUnderstood(
  value: string,
  read: ReturnType<typeof readEnabled>,
  { reads }: EnabledAttribute,
): boolean {
  if (typeof read === 'bigint') return read === 0n || read === 1n;
  // Where no word is understood that is a matter of the release, and a finding of its own.
  return reads?.words === 'none' || (typeof read === 'boolean' && /^(?:true|false)$/i.test(value));
}

function consequence({ mask, reads, enabled }: EnabledAttribute): string {
  if (mask !== undefined) return 'reading such a user ends in HTTP 500';
  const words =
    reads === undefined || reads.words === 'any'
      ? 'Keystone takes any word but TRUE for FALSE'
      : 'Keystone keeps other words as text, and takes such a user for enabled';
  const fails = reads?.numbers === true && enabled === 'TRUE';
  return fails
    ? `${words}, and its database (Queens and later) has no place for a number but 0 and 1`
    : words;
}

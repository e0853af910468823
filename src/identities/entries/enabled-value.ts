import { valuesOf, type Entry } from '../../directory/entry.ts';
import type { EnabledAttribute } from '../../releases/release.ts';
import { isDisabledBy, maskedNumber } from './enabled-mask.ts';

/** What Keystone makes of the attribute that says who is enabled, as Python then takes it for true or false. */
export type EnabledValue = boolean | bigint | string;

/** Nothing where the entry has no such attribute. A mask makes a number of it, which is not read here. */
export function readEnabled(form: EnabledAttribute, entry: Entry): EnabledValue | undefined {
  const [value] = valuesOf(entry, form.attribute);
  if (value === undefined) return undefined;
  const { numbers = false, words = 'any' } = form.reads ?? {};
  const number = numbers ? maskedNumber(value) : undefined;
  if (number !== undefined) return number;
  if (words === 'any') return value.toLowerCase() === 'true';
  return words === 'capitals' && /^(?:TRUE|FALSE)$/.test(value) ? value === 'TRUE' : value;
}

export function isEnabledBy(form: EnabledAttribute, entry: Entry): boolean {
  const [value] = valuesOf(entry, form.attribute);
  if (value === undefined) return form.absent ?? true;
  if (form.mask !== undefined) return !isDisabledBy(maskedNumber(value), form.mask);
  // Text is true in Python, whatever it says.
  const isOn = Boolean(readEnabled(form, entry));
  return isOn === (form.enabled.toLowerCase() === 'true');
}

import type { ReleaseName } from './catalogue.ts';
import {
  optionHistory,
  type HistoryDetails,
  type OptionHistory,
  type OptionType,
  type OptionValue,
  type Since,
} from './option-history.ts';

/** An option of `[ldap]` with one default since the release that added it. */
export function ldapOption(
  name: string,
  type: OptionType,
  [since, value]: Since<OptionValue>,
  details: HistoryDetails = {},
): OptionHistory {
  return optionHistory(['ldap', name], type, [[since, value]], details);
}

/**
 * An option of Essex, which registered it without a default: the code fell back to what Folsom then declared.
 */
export function essexOption(
  name: string,
  type: OptionType,
  value: OptionValue,
  details: HistoryDetails = {},
): OptionHistory {
  const defaults: readonly Since<OptionValue>[] = [
    ['2012.1', undefined],
    ['2012.2', value],
  ];
  return optionHistory(['ldap', name], type, defaults, { effective: [['2012.1', value]], ...details });
}

/** The releases that the write options of one kind of entry lived in. */
export interface WriteOptionLife extends HistoryDetails {
  readonly since: ReleaseName;
}

/** `KIND_allow_create`, `_update` and `_delete`. */
export function allowOptions(kind: string, { since, ...details }: WriteOptionLife): readonly OptionHistory[] {
  return ['create', 'update', 'delete'].map((action) =>
    ldapOption(`${kind}_allow_${action}`, 'boolean', [since, true], details),
  );
}

import { valuesOf, type Entry } from '../directory/entry.ts';
import type { EntryContext } from '../identities/desired-entries.ts';
import { emulationGroupDn } from '../identities/emulation-group.ts';
import type { KeystoneReader } from './keystone-reader.ts';

/** Whether Keystone takes a user for enabled, and by what. */
export interface EnabledState {
  readonly enabled: boolean;
  readonly why: string;
}

export async function enabledBecause(
  reader: KeystoneReader,
  user: Entry,
  context: Pick<EntryContext, 'layout' | 'trees'>,
): Promise<EnabledState> {
  const { enabled: form } = context.layout.user;
  const is = await reader.isEnabled('user', user);
  const enabled = is === true || (is === undefined && form.kind !== 'group');
  if (form.kind === 'always') return { enabled, why: 'nothing in the directory disables a user here' };
  if (form.kind === 'group') {
    const dn = emulationGroupDn('user', context);
    if (is === undefined) return { enabled, why: `${dn} is not there, and so nobody is enabled` };
    return { enabled, why: `${reader.emulatedDn('user', user)} is ${is ? 'a' : 'no'} member of ${dn}` };
  }
  const [value] = valuesOf(user, form.attribute);
  return {
    enabled,
    why: value === undefined ? `there is no ${form.attribute}` : `${form.attribute} is ${value}`,
  };
}

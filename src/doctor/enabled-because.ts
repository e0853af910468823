import { valuesOf } from '../directory/entry.ts';
import { emulationGroupDn } from '../identities/entries/emulation-group.ts';
import type { EnabledPlace } from '../identities/entries/enabled-model.ts';
import { enabledAttribute } from '../releases/layout-of.ts';
import type { KeystoneDriver, Shown } from './keystone-driver.ts';

/** Whether Keystone takes a user for enabled, and by what. */
export interface EnabledState {
  readonly enabled: boolean;
  readonly why: string;
}

export async function enabledBecause(
  { enabled: model }: KeystoneDriver,
  { entry, id }: Shown,
  place: EnabledPlace,
): Promise<EnabledState> {
  const enabled = await model.isEnabled('user', entry, id);
  const { enabled: form } = place.layout.user;
  if (form.kind === 'group') {
    const dn = emulationGroupDn('user', place);
    if (!(await model.isSaid('user', entry)))
      return { enabled, why: `${dn} is not there, and so nobody is enabled` };
    const member = await model.memberFor('user', entry, id);
    return { enabled, why: `${member} is ${enabled ? 'a' : 'no'} member of ${dn}` };
  }
  const attribute = enabledAttribute(form);
  const [value] = attribute === undefined ? [] : valuesOf(entry, attribute);
  if (value !== undefined) return { enabled, why: `${attribute} is ${value}` };
  const isAlways = form.kind === 'always';
  return {
    enabled,
    why: isAlways ? 'nothing in the directory disables a user here' : `there is no ${attribute}`,
  };
}

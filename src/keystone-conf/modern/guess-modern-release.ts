import { CATALOGUE, isSince, type ReleaseName } from '../../releases/catalogue.ts';
import { optionStatus } from '../../releases/ldap-options.ts';
import type { ConfDocument } from '../document/document.ts';
import { writtenDriver } from './driver-edits.ts';
import { blocksOf } from '../document/option-value.ts';

/**
 * The newest release that reads what `[ldap]` sets, and can load a driver that is written so: options come and go, but
 * most are read by many releases, so that this is no more than a guess.
 * @throws `CONF_INVALID`
 */
export function guessModernRelease(doc: ConfDocument): ReleaseName {
  const options = blocksOf(doc, 'ldap').flatMap((block) => block.options.map(({ name }) => name));
  const isClassPath = writtenDriver(doc, 'identity')?.includes('.') === true;
  const readBy = (release: ReleaseName): number =>
    options.filter((name) => ['known', 'alias'].includes(optionStatus(release, name).status)).length +
    (isClassPath && isSince(release, 'pike') ? 0 : 1);
  const names = CATALOGUE.map(({ name }) => name);
  const most = Math.max(...names.map(readBy));
  return names.findLast((name) => readBy(name) === most) ?? '2026.2';
}

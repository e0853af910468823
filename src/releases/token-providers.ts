import { isSince, type ReleaseName } from './catalogue.ts';

/** The first release without the provider: one that is not there keeps Keystone from starting. */
const REMOVED: Readonly<Record<string, ReleaseName>> = { pki: 'ocata', pkiz: 'ocata', uuid: 'rocky' };

/** The release that dropped this `[token] provider`, where `release` no longer has it. */
export function tokenProviderRemoved(provider: string, release: ReleaseName): ReleaseName | undefined {
  const removed = REMOVED[provider];
  return removed !== undefined && isSince(release, removed) ? removed : undefined;
}

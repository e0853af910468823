import { isSince, type ReleaseName } from './catalogue.ts';

/** The attribute that names a role in a tenant, where roles are named by this one: Essex and Folsom have `cn` always. */
export function grantRdn(release: ReleaseName, roleIdAttribute: string): string {
  return isSince(release, '2013.1') ? roleIdAttribute : 'cn';
}

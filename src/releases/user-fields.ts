import { isSince, type ReleaseName } from './catalogue.ts';

/** The name in this release of a user's field that an attribute is mapped to or that is ignored. */
export function userFieldIn(release: ReleaseName, field: string): string {
  const tenant = field === 'tenant_id' || field === 'tenantId';
  return tenant && isSince(release, '2013.2') ? 'default_project_id' : field;
}

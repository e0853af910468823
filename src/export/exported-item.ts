/** The lists of the identities format, in the order in which they are written. */
export const EXPORT_LISTS = ['domains', 'tenants', 'users', 'roles', 'groups', 'grants'] as const;
export type ExportList = (typeof EXPORT_LISTS)[number];

/** One item with the keys of docs/identities.md; what is `undefined` is left out. */
export interface ExportedItem {
  readonly list: ExportList;
  readonly values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
}

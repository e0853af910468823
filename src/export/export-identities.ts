import type { Session } from '../directory/session.ts';
import { EntryReader } from './entry-reader.ts';
import { ExportReport } from './export-report.ts';
import type { ExportTarget } from './export-target.ts';
import type { ExportedItem } from './exported-item.ts';

/** Identities as they come, and afterwards what of the directory they do not tell. */
export interface IdentityExport {
  readonly items: AsyncGenerator<ExportedItem>;
  readonly lost: () => readonly string[];
}

/**
 * What the directory holds for a release, in the terms of the identities format, which any release can take. Entries are
 * read as they are written; only their names and ids are held, because others name them by these.
 */
export function exportIdentities(session: Session, target: ExportTarget): IdentityExport {
  const report = new ExportReport();
  return { items: itemsOf(new EntryReader(session, target, report), target), lost: () => report.lost };
}

async function* itemsOf(reader: EntryReader, { release }: ExportTarget): AsyncGenerator<ExportedItem> {
  const { domain, tenant, role, group, grant } = release.layout;
  await reader.learn();
  if (domain !== undefined) yield* reader.domains();
  if (tenant !== undefined) yield* reader.tenants();
  yield* reader.users();
  if (role !== undefined) yield* reader.roles();
  if (group !== undefined) yield* reader.groups();
  if (role?.members !== undefined) yield* reader.globalGrants();
  if (grant !== undefined) yield* reader.tenantGrants();
}

import { resolve } from 'node:path';
import type { ConfDocument } from '../keystone-conf/document/document.ts';
import type { FilePlan } from '../plan/conf/conf-plan.ts';
import type { Release } from '../releases/release.ts';
import { domainDrivers } from './checks/domain-drivers.ts';
import { domainFiles } from './checks/domain-files.ts';
import type { Finding } from './finding.ts';
import { domainFilesOf, type DomainFile, type KeystoneFiles } from './keystone-files.ts';
import { brokenDomains } from './service-faults.ts';

/** What an edit makes Keystone read. */
export interface NewlyRead {
  /** Files of other domains that Keystone does not read before the edit. */
  readonly paths: readonly string[];
  /** What Keystone fails at after the edit, and not before. */
  readonly faults: readonly Finding[];
}

/** The files of domains that Keystone reads once `main` and the file of a domain are edited, checked as `doctor` does. */
export async function newlyReadDomains(
  main: FilePlan,
  domain: FilePlan,
  release: Release,
): Promise<NewlyRead> {
  const before = await filesWith(main.before, main.path, release);
  const after = withFile(await filesWith(main.after, main.path, release), domain);
  const read = new Set(before.domains?.files.map(({ path }) => resolve(path)));
  const isNew = ({ path }: DomainFile): boolean => !read.has(resolve(path));
  const added = (after.domains?.files ?? []).filter(isNew);
  const known = new Set((await faultsOf(before, before.domains?.files ?? [])).map(keyOf));
  const faults = (await faultsOf(after, added)).filter((one) => !known.has(keyOf(one)));
  const others = added.filter(({ path }) => resolve(path) !== resolve(domain.path));
  return { paths: others.map(({ path }) => path), faults };
}

async function filesWith(main: ConfDocument, path: string, release: Release): Promise<KeystoneFiles> {
  return { release, main, mainPaths: [path], domains: await domainFilesOf(main, release) };
}

/** The file of the domain as the edit leaves it. */
function withFile(files: KeystoneFiles, { path, after: doc }: FilePlan): KeystoneFiles {
  const { domains } = files;
  const domain = /keystone\.(.+)\.conf$/.exec(path)?.[1] ?? '';
  if (domains === undefined) return files;
  const others = domains.files.filter((one) => resolve(one.path) !== resolve(path));
  return { ...files, domains: { ...domains, files: [...others, { domain, path, doc }] } };
}

/** Of all files together, and of each of those that are added. */
async function faultsOf(files: KeystoneFiles, added: readonly DomainFile[]): Promise<readonly Finding[]> {
  const { domains } = files;
  if (domains === undefined) return [];
  const found = [...brokenDomains({ ...files, domains: { ...domains, files: added } })];
  for (const check of [domainDrivers, domainFiles])
    for await (const finding of check(files)) if (OF_ALL.has(finding.code)) found.push(finding);
  return found;
}

const OF_ALL: ReadonlySet<Finding['code']> = new Set([
  'DOMAIN_FILE_DRIVER',
  'DOMAIN_FILE_TWICE',
  'SQL_DRIVERS',
]);

function keyOf({ code, subject, message }: Finding): string {
  return JSON.stringify([code, subject, message]);
}

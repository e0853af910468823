import type { Problem } from '../errors.ts';
import { readChunks } from '../files.ts';
import { csvUsers } from '../identities/csv-users.ts';
import { generatedPeople, parseGenerate } from '../identities/generated-people.ts';
import { NO_IDENTITIES, type Identities, type User } from '../identities/identities.ts';
import { identityProblems } from '../identities/identity-problems.ts';
import { ldifUsers } from '../identities/ldif-users.ts';
import { loadIdentities } from '../identities/load-identities.ts';
import { mergeIdentities } from '../identities/merge-identities.ts';
import { requireNone } from '../identities/parse-identities.ts';
import { joinSources, type UserSource } from '../identities/user-source.ts';
import type { Layout, Release } from '../releases/release.ts';
import { inputReader } from './input-reader.ts';
import type { Io } from './io.ts';
import { resolveIdentities } from './resolve-identities.ts';
import type { SeedFlags, StreamFlags } from './seed-flags.ts';

export interface Resolved {
  /** All of them, but for the users of the source. */
  readonly identities: Identities;
  /** Users that are too many to be held in memory. */
  readonly source?: UserSource;
  /** What a person calls it all. */
  readonly subject: string | undefined;
}

/** As many users are planned like those of a YAML file, with each change shown. */
const FEW = 1000;

/** The identities that the flags name; users of CSV, LDIF and the generator stay a stream unless they are few. */
export async function resolveSource(
  flags: SeedFlags & StreamFlags,
  { sample, layout }: { readonly sample: Pick<Release, 'name' | 'layout'>; readonly layout: Layout },
  io: Io,
): Promise<Resolved> {
  const files = flags.file ?? [];
  const sources = files.flatMap((file) => sourceOf(file) ?? []);
  if (flags.generate !== undefined) sources.push(generatedPeople(parseGenerate(flags.generate)));
  if (sources.length === 0)
    return {
      identities: await resolveIdentities(flags, sample, io),
      subject: (flags.file ?? (flags.declared?.parsed && flags.declared.files))?.join(', '),
    };
  const yaml = files.filter((file) => sourceOf(file) === undefined);
  const source = joinSources(sources);
  const input = { readText: inputReader(io), env: io.env, usersElsewhere: true };
  const beside = yaml.length === 0 ? NO_IDENTITIES : await loadIdentities(yaml, input);
  const subject = [...yaml, source.subject].join(', ');
  // Ids that are drawn must be remembered, and a domain that nobody names be filled in.
  const mustKeep = layout.user.id === 'uuid' || layout.defaultDomain !== undefined;
  const users = await few(source, mustKeep ? Infinity : FEW);
  if (users === undefined) return { identities: beside, source, subject };
  return { identities: together(beside, users, source), subject };
}

/** Users of a file are read twice: looked at before any is written. Standard input, which is YAML, is not. */
function sourceOf(file: string): UserSource | undefined {
  if (/\.csv$/i.test(file)) return csvUsers(file, readChunks);
  return /\.ldif$/i.test(file) ? ldifUsers(file, readChunks) : undefined;
}

/** All users where they are not more than this. */
async function few(source: UserSource, most: number): Promise<readonly User[] | undefined> {
  if ((source.count ?? 0) > most) return undefined;
  const users: User[] = [];
  const problems: Problem[] = [];
  for await (const user of source.users((problem) => void problems.push(problem))) {
    users.push(user);
    if (users.length > most) return undefined;
    if (problems.length >= 100) break;
  }
  requireNone(problems, [source.subject]);
  return users;
}

function together(beside: Identities, users: readonly User[], source: UserSource): Identities {
  const { remarks = [] } = source;
  const groups = [...(source.groups?.() ?? [])];
  const identities = mergeIdentities([beside, { ...NO_IDENTITIES, users, groups, remarks }]);
  requireNone(identityProblems(identities), [source.subject]);
  return identities;
}

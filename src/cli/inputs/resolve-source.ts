import { FEW, usersUpTo, withUsers } from '../../identities/users/gather-users.ts';
import { generatedPeople, parseGenerate } from '../../identities/users/generated-people.ts';
import type { Identities } from '../../identities/identities.ts';
import { openIdentities } from '../../identities/read/load-identities.ts';
import { isUserFile } from '../../identities/users/user-file.ts';
import type { UserSource } from '../../identities/users/user-source.ts';
import type { Layout, Release } from '../../releases/release.ts';
import type { Io } from '../terminal/io.ts';
import { identitiesInput, resolveBesideUsers, resolveIdentities } from './resolve-identities.ts';
import type { SeedFlags, StreamFlags } from '../flags/seed-flags.ts';

export interface Resolved {
  /** All of them, but for the users of the source. */
  readonly identities: Identities;
  /** Users that are too many to be held in memory. */
  readonly source?: UserSource;
  /** What a person calls it all. */
  readonly subject: string | undefined;
}

/** The identities that the flags name; users of CSV, LDIF and the generator stay a stream unless they are few. */
export async function resolveSource(
  flags: SeedFlags & StreamFlags,
  release: Pick<Release, 'name' | 'layout'>,
  io: Io,
): Promise<Resolved> {
  const { file: files = [], declared } = flags;
  const { layout } = release;
  const opened = await openSource(flags, io);
  if (opened !== undefined) return await fewOrMany(opened.identities, opened.source, { layout, ...opened });
  const subject = (flags.file ?? (declared?.parsed && declared.files))?.join(', ');
  if (files.length > 0 || declared?.users === undefined)
    return {
      identities: await resolveIdentities(flags, release, io),
      subject,
    };
  const beside = await resolveBesideUsers(declared, io);
  return await fewOrMany(beside, declared.users, { layout, subject });
}

/** What the flags name, if that are users who may be many. */
async function openSource({ file: files = [], generate }: SeedFlags & StreamFlags, io: Io) {
  const generated = generate === undefined ? [] : [generatedPeople(parseGenerate(generate))];
  if (generated.length === 0 && !files.some(isUserFile)) return undefined;
  const { identities, source } = await openIdentities(files, identitiesInput(io), generated);
  if (source === undefined) return undefined;
  const yaml = files.filter((file) => !isUserFile(file));
  return { identities, source, subject: [...yaml, source.subject].join(', ') };
}

async function fewOrMany(
  beside: Identities,
  source: UserSource,
  { layout, subject }: { readonly layout: Layout; readonly subject: string | undefined },
): Promise<Resolved> {
  // Ids that are drawn must be remembered, and a domain that nobody names be filled in.
  const mustKeep = layout.user.id === 'uuid' || layout.defaultDomain !== undefined;
  const users = await usersUpTo(mustKeep ? Infinity : FEW, source);
  if (users === undefined) return { identities: beside, source, subject };
  return { identities: withUsers(beside, users, source), subject };
}

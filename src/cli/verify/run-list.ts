import { listGroups, listGroupUsers, listUsers } from '../../doctor/list-entries.ts';
import type { ListLimit } from '../../doctor/list-limit.ts';
import { KeystoneLdapError } from '../../errors.ts';
import type { EntryKind } from '../../releases/release.ts';
import type { ExitCode, Io } from '../terminal/io.ts';
import type { KeystoneFlags } from '../flags/keystone-flags.ts';
import { remark, sayAll, type OutputFlags } from '../terminal/output.ts';
import { openBackend } from '../inputs/resolve-keystone.ts';

export interface ListFlags extends KeystoneFlags, OutputFlags {
  readonly members?: boolean;
}

/** One line of a list, for people and for programs. */
interface Line {
  readonly cells: readonly string[];
  readonly data: Readonly<Record<string, unknown>>;
}

/** What `users` and `groups` do: print each entry as it comes, so that a million need no memory. */
export async function runList(kind: 'users' | 'groups', flags: ListFlags, io: Io): Promise<ExitCode> {
  await using opened = await openBackend(flags, io, kindsFor(kind, flags));
  const { backend, session } = opened;
  if (kind === 'groups' && backend.release.layout.group === undefined)
    throw new KeystoneLdapError('USAGE', `${backend.release.title} has no groups.`);
  if (backend.ids.kind === 'unknown') remark(io, `Ids are those of the directory: ${backend.ids.why}.`);
  const onCut = ({ entries, setBy }: ListLimit): void =>
    remark(io, `There are more ${kind}: Keystone lists ${entries} (${setBy}), and says "truncated".`);
  const lines =
    kind === 'users'
      ? userLines(listUsers(session, backend, onCut))
      : flags.members === true
        ? groupUserLines(listGroupUsers(session, backend, onCut))
        : groupLines(listGroups(session, backend, onCut));
  await sayAll(io, flags.json === true ? asJson(kind, lines) : asTable(HEADS[kind], lines));
  return 0;
}

/** What a list cannot do without: other kinds may fail. */
function kindsFor(kind: 'users' | 'groups', { members }: ListFlags): readonly EntryKind[] {
  return kind === 'users' ? ['user'] : members === true ? ['group', 'user'] : ['group'];
}

const HEADS = { users: ['ID', 'NAME', 'ENABLED', 'DN'], groups: ['ID', 'NAME', 'MEMBERS', 'DN'] } as const;

async function* userLines(users: ReturnType<typeof listUsers>): AsyncGenerator<Line> {
  for await (const user of users)
    yield { cells: [user.id, user.name, user.enabled ? 'yes' : 'no', user.dn], data: { ...user } };
}

async function* groupLines(groups: ReturnType<typeof listGroups>): AsyncGenerator<Line> {
  for await (const { members, ...group } of groups) {
    const cells = [group.id, group.name, String(members.length), group.dn];
    yield { cells, data: { ...group, count: members.length } };
  }
}

/** Whom Keystone shows as members, which may be fewer than the entry holds. */
async function* groupUserLines(groups: ReturnType<typeof listGroupUsers>): AsyncGenerator<Line> {
  for await (const { users, failure, ...group } of groups) {
    const shown = failure === undefined ? users.map(({ name, dn }) => `${name}  ${dn}`) : [failure];
    const cells = [group.id, group.name, failure === undefined ? String(users.length) : '-', group.dn];
    yield {
      cells: [...cells, ...shown.map((text) => `\n    ${text}`)],
      data: { ...group, count: users.length, members: users, ...(failure && { failure }) },
    };
  }
}

/** The widths are set before the first line is known. */
const WIDTH = 24;

async function* asTable(head: readonly string[], lines: AsyncIterable<Line>): AsyncGenerator<string> {
  const row = ([id = '', name = '', fact = '', dn = '', ...rest]: readonly string[]): string =>
    `${id.padEnd(WIDTH)}  ${name.padEnd(WIDTH)}  ${fact.padEnd(7)}  ${dn}${rest.join('')}\n`;
  yield row(head);
  for await (const { cells } of lines) yield row(cells);
}

/** If an error follows the first line, the document of the list ends before that of the error begins. */
async function* asJson(kind: string, lines: AsyncIterable<Line>): AsyncGenerator<string> {
  const head = `{"version":1,"command":"${kind}","${kind}":[`;
  let isBegun = false;
  try {
    for await (const { data } of lines) {
      yield `${isBegun ? ',' : head}\n${JSON.stringify(data)}`;
      isBegun = true;
    }
  } catch (error) {
    if (isBegun) yield '\n],"incomplete":true}\n';
    throw error;
  }
  yield isBegun ? '\n]}\n' : `${head}]}\n`;
}

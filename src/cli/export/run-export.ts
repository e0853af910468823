import type { Session } from '../../directory/session.ts';
import { KeystoneLdapError } from '../../errors.ts';
import { exportIdentities } from '../../export/export-identities.ts';
import type { ExportTarget } from '../../export/export-target.ts';
import { exportLdif } from '../../export/export-ldif.ts';
import { formatIdentities } from '../../export/format-identities.ts';
import { kindsIn } from '../../releases/layout-of.ts';
import { asInConf } from '../init/as-in-conf.ts';
import { chosenRelease } from '../inputs/chosen-release.ts';
import type { IsMeant } from '../flags/command-context.ts';
import type { ConnectionFlags } from '../flags/connection-flags.ts';
import type { ExitCode, Io } from '../terminal/io.ts';
import type { ConfFilesFlags } from '../flags/keystone-flags.ts';
import { printJson, remark, sayAll, type OutputFlags } from '../terminal/output.ts';
import { resolveTrees, type ReleaseFlags, type TreeFlags } from '../inputs/release-flags.ts';
import { withDirectory } from '../../system/connection.ts';
import { lazyConnection } from '../inputs/resolve-connection.ts';
import { writeOutput } from '../terminal/write-output.ts';

export interface ExportFlags extends ConfFilesFlags, ReleaseFlags, TreeFlags, ConnectionFlags, OutputFlags {
  readonly format: 'yaml' | 'config' | 'ldif';
  readonly withPasswords?: boolean;
  readonly ids: boolean;
  readonly output?: string;
}

/** What `export` does: write the document as entries come, then say what it does not tell. */
export async function runExport(given: ExportFlags, io: Io, isMeant: IsMeant): Promise<ExitCode> {
  const { output, json = false, withPasswords = false } = given;
  if (json && output === undefined)
    throw new KeystoneLdapError('USAGE', '--json takes standard output for the report; add -o FILE.');
  const connecting = lazyConnection(given, io);
  const { release, flags } = await asInConf(await chosenRelease(given, io, connecting), given, isMeant);
  return await withDirectory(await connecting(), async (directory) => {
    const trees = await resolveTrees(flags, release, io, directory);
    const { text, lost } = document(directory, { release, trees, withPasswords, withIds: flags.ids }, flags);
    await (output === undefined
      ? sayAll(io, text)
      : writeOutput(output, text, { mode: 0o600, signal: io.signal }));
    if (json) printJson(io, { command: 'export', file: output, lost: lost() });
    else for (const what of lost()) remark(io, `remark: not carried: ${what}`);
    return 0;
  });
}

interface Document {
  readonly text: AsyncIterable<string>;
  readonly lost: () => readonly string[];
}

function document(session: Session, target: ExportTarget, { format }: ExportFlags): Document {
  if (format === 'ldif') return { text: exportLdif(session, target), lost: () => [] };
  const { items, lost } = exportIdentities(session, target);
  const head = format === 'config' ? configHead(session, target) : '';
  const text = formatIdentities(items, format === 'config' ? '  ' : '');
  return { text: withHead(head, text), lost };
}

async function* withHead(head: string, text: AsyncIterable<string>): AsyncGenerator<string> {
  if (head !== '') yield head;
  yield* text;
}

/** What comes before the identities in the one file that `plan` and `apply` take. */
function configHead({ uri }: Session, { release, trees }: ExportTarget): string {
  const places = kindsIn(trees).map((kind) => `  ${kind}: ${JSON.stringify(trees[kind])}\n`);
  return `release: '${release.name}'\nserver:\n  uri: ${JSON.stringify(uri)}\ntrees:\n${places.join('')}identities:\n`;
}

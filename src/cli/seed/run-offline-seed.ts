import { randomUUID } from 'node:crypto';
import { offlineEntries } from '../../plan/stream/offline-entries.ts';
import { checkBeside } from '../../plan/stream/check-beside.ts';
import type { StreamTarget } from '../../plan/stream/stream-target.ts';
import type { Survey } from '../../plan/stream/survey-result.ts';
import { unsurveyed } from '../../plan/stream/unsurveyed.ts';
import { chosenRelease } from '../inputs/chosen-release.ts';
import type { ExitCode, Io } from '../terminal/io.ts';
import { remark, sayAll } from '../terminal/output.ts';
import { resolveSuffix, resolveTrees } from '../inputs/release-flags.ts';
import { resolveSource } from '../inputs/resolve-source.ts';
import type { RunSeedFlags } from './run-seed-flags.ts';
import { streamTarget } from '../../system/identity-target.ts';
import { requireOneOutput, requireSqlFlags } from '../flags/sql-flags.ts';
import { withProgress } from '../terminal/with-progress.ts';
import { writeOutput } from '../terminal/write-output.ts';

/** Writes what `seed` would write to a blank server as LDIF for slapadd(8), which makes the operational attributes. */
export async function runOfflineSeed(file: string, flags: RunSeedFlags, io: Io): Promise<ExitCode> {
  requireOneOutput(flags);
  const release = await chosenRelease(flags, io);
  requireSqlFlags(flags, release);
  const { source = NO_SOURCE, identities } = await resolveSource(flags, release, io);
  const trees = await resolveTrees(flags, release, io);
  const suffix = flags.withTrees === true ? await resolveSuffix(flags, io, undefined) : undefined;
  const { target, remarks } = streamTarget({ release, trees, source, identities }, flags);
  const survey = unsurveyed(target) ?? (await surveyed(target, io));
  const beside = checkBeside(target, survey);
  for (const text of [...remarks, ...survey.remarks, ...beside.remarks]) remark(io, text);
  const entries = offlineEntries(target, { survey, held: beside.held, suffix, drawId: randomUUID });
  const written = await withProgress(io, 'writing', (onStep) =>
    writeAll(entries, file, { total: source.count ?? survey.states.length, onStep }, io),
  );
  remark(
    io,
    `${written} entries for slapadd${file === '-' ? '' : ` in ${file}, readable by its owner only`}.`,
  );
  return 0;
}

/** What compares with a directory is loaded only where a survey is needed. */
async function surveyed(target: StreamTarget, io: Io): Promise<Survey> {
  const { surveyUsers } = await import('../../plan/stream/survey.ts');
  return await withProgress(io, 'reading', (onStep) => surveyUsers(undefined, target, onStep));
}

const NO_SOURCE = { subject: 'identities', count: 0, async *users() {} };

interface Writing {
  readonly total: number;
  readonly onStep: (done: number, total: number) => void;
}

async function writeAll(
  entries: AsyncIterable<{ readonly ldif: string; readonly count: number }>,
  file: string,
  { total, onStep }: Writing,
  io: Io,
): Promise<number> {
  let written = 0;
  async function* pieces(): AsyncGenerator<string> {
    for await (const { ldif, count } of entries) {
      written += count;
      onStep(Math.min(written, total), total);
      yield ldif;
    }
  }
  await (file === '-'
    ? sayAll(io, pieces())
    : writeOutput(file, pieces(), { mode: 0o600, signal: io.signal }));
  return written;
}

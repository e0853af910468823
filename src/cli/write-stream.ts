import { openBulkConnection } from '../directory/bulk-connection.ts';
import type { WaveListener } from '../plan/apply.ts';
import { writeUsers } from '../plan/stream/write-users.ts';
import type { Io } from './io.ts';
import type { StreamedUsers } from './identity-part.ts';
import { countUsers } from './render-users.ts';
import type { StreamServer } from './survey-stream.ts';
import { withProgress } from './with-progress.ts';

/** Writes the users: over two connections slapd prepares one entry while it writes another. */
export async function writeStream(
  { directory: session, connection }: StreamServer,
  { target, survey }: Pick<StreamedUsers, 'target' | 'survey'>,
  listeners: readonly WaveListener[],
  io: Io,
): Promise<void> {
  const { added, changed } = countUsers({ survey });
  if (added + changed === 0) return;
  await using one = await openBulkConnection(connection.options);
  await using other = await openBulkConnection(connection.options);
  await withProgress(io, 'writing', (onStep) =>
    writeUsers({ session, connections: [one, other], listeners }, target, survey.states, onStep),
  );
}

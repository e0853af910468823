import { openBulkConnection } from '../directory/bulk-connection.ts';
import type { WaveListener } from '../plan/apply/apply.ts';
import { writeUsers } from '../plan/stream/write-users.ts';
import { countUsers } from './count-users.ts';
import type { StreamedUsers } from './identity-part.ts';
import { reportSteps, type RunPorts } from './ports.ts';
import type { StreamServer } from './survey-many-users.ts';

/** Writes the users: over two connections slapd prepares one entry while it writes another. */
export async function writeManyUsers(
  { directory: session, connection }: StreamServer,
  { target, survey }: Pick<StreamedUsers, 'target' | 'survey'>,
  listeners: readonly WaveListener[],
  ports: RunPorts,
): Promise<void> {
  const { added, changed } = countUsers({ survey });
  if (added + changed === 0) return;
  await using one = await openBulkConnection(connection.options);
  await using other = await openBulkConnection(connection.options);
  await reportSteps(ports, 'writing', (onStep) =>
    writeUsers({ session, connections: [one, other], listeners }, target, survey.states, onStep),
  );
}

import { openBulkConnection } from '../directory/bulk-connection.ts';
import type { Session } from '../directory/session.ts';
import type { StreamTarget } from '../plan/stream/stream-target.ts';
import { surveyUsers, type SurveyPorts } from '../plan/stream/survey.ts';
import type { Survey } from '../plan/stream/survey-result.ts';
import type { Connection } from './connection.ts';
import { reportSteps, type RunPorts } from './ports.ts';

/** How users who come as a stream reach their server. */
export interface StreamServer {
  readonly directory: Session;
  readonly connection: Connection;
}

/** Looks at all users beside the directory. */
export async function surveyManyUsers(
  { directory: session, connection }: StreamServer,
  target: StreamTarget,
  ports: RunPorts,
  onChanges?: SurveyPorts['onChanges'],
): Promise<Survey> {
  await using bulk = await openBulkConnection(connection.options);
  return await reportSteps(ports, 'comparing', (onStep) =>
    surveyUsers({ session, bulk, ...(onChanges && { onChanges }) }, target, onStep),
  );
}

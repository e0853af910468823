import { createHash } from 'node:crypto';
import { openBulkConnection } from '../directory/bulk-connection.ts';
import type { UserSource } from '../identities/user-source.ts';
import type { Change } from '../plan/change.ts';
import type { ExistingEntry } from '../plan/plan-identities.ts';
import { digest } from '../plan/saved-plan.ts';
import { checkBeside, planBeside } from '../plan/stream/plan-beside.ts';
import { surveyUsers } from '../plan/stream/survey.ts';
import { userExamples } from '../plan/stream/user-examples.ts';
import type { Io } from './io.ts';
import type { DeclaredSystem } from './plan-declared.ts';
import type { IdentityPart } from './plan-identity-part.ts';
import { streamTarget } from './seed-target.ts';
import { userFilesDigest } from './user-files.ts';
import { withProgress } from './with-progress.ts';

type StreamSystem = DeclaredSystem & {
  readonly identities: NonNullable<DeclaredSystem['identities']>;
  readonly source: UserSource;
};

/** Compares all users with the directory, and plans what belongs to them. */
export async function planStream(
  system: StreamSystem,
  toCome: readonly string[],
  io: Io,
): Promise<IdentityPart> {
  const { declaration, directory, connection, ids } = system;
  const { flags } = declaration;
  const { target: own, remarks } = streamTarget(system, flags);
  const target = { ...own, toCome };
  await using bulk = await openBulkConnection(connection.options);
  const files = await userFilesDigest(declaration.loaded.files);
  const hash = createHash('sha256');
  const onChanges = (some: readonly Change[]): void => void hash.update(digest(some));
  const survey = await withProgress(io, 'comparing', (onStep) =>
    surveyUsers({ session: directory, bulk, onChanges }, target, onStep),
  );
  const { states } = survey;
  hash.update(Uint8Array.from({ length: states.length }, (_, index) => states.at(index)));
  const { held, remarks: besideRemarks } = checkBeside(target, survey);
  const adopted: ExistingEntry[] = [];
  const warnings: string[] = [];
  const asked = {
    drawId: ids.draw,
    onExisting: (entry: ExistingEntry) => void adopted.push(entry),
    ...(flags.allowUnsafeNames === true && {
      onUnsafe: ({ message }: { readonly message: string }) => void warnings.push(`warning: ${message}`),
    }),
  };
  const changes = await withProgress(io, 'planning', (onEntry) =>
    planBeside(directory, target, { survey, held, ...asked, onEntry }),
  );
  return {
    changes,
    adopted,
    remarks: [...remarks, ...survey.remarks, ...besideRemarks, ...warnings],
    users: {
      ...{ target, survey, examples: await userExamples(target, states) },
      facts: { files, changes: hash.digest('hex') },
    },
  };
}

import { createHash } from 'node:crypto';
import type { UserSource } from '../identities/user-source.ts';
import type { Change } from '../plan/change.ts';
import type { ExistingEntry } from '../plan/plan-identities.ts';
import { digest } from '../plan/saved-plan.ts';
import { checkBeside } from '../plan/stream/check-beside.ts';
import { planBeside } from '../plan/stream/plan-beside.ts';
import { userExamples } from '../plan/stream/user-examples.ts';
import type { Io } from './io.ts';
import type { DeclaredSystem } from './declared-system.ts';
import type { IdentityPart } from './identity-part.ts';
import { planSeed } from './plan-seed.ts';
import { streamTarget } from './seed-target.ts';
import { surveyStream } from './survey-stream.ts';
import { userFilesDigest } from './user-files.ts';

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
  const { declaration, directory, ids } = system;
  const { flags } = declaration;
  const { target: own, remarks } = streamTarget(system, flags);
  const target = { ...own, toCome };
  const files = await userFilesDigest(declaration.loaded.files);
  const hash = createHash('sha256');
  const onChanges = (some: readonly Change[]): void => void hash.update(digest(some));
  const survey = await surveyStream(system, target, io, onChanges);
  const { states } = survey;
  hash.update(Uint8Array.from({ length: states.length }, (_, index) => states.at(index)));
  const { held, remarks: besideRemarks } = checkBeside(target, survey);
  const adopted: ExistingEntry[] = [];
  const { changes, warnings } = await planSeed(
    (asked) =>
      planBeside(directory, target, {
        ...{ ...asked, survey, held, drawId: ids.draw },
        onExisting: (entry) => void adopted.push(entry),
      }),
    flags,
    io,
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

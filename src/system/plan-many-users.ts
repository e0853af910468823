import { createHash } from 'node:crypto';
import type { Identities } from '../identities/identities.ts';
import type { UserSource } from '../identities/users/user-source.ts';
import type { Change } from '../plan/change.ts';
import type { ExistingEntry } from '../plan/identities/plan-identities.ts';
import { checkBeside } from '../plan/stream/check-beside.ts';
import { planBeside } from '../plan/stream/plan-beside.ts';
import { userExamples } from '../plan/stream/user-examples.ts';
import type { IdentityPart } from './identity-part.ts';
import { streamTarget } from './identity-target.ts';
import { planWithNameFaults } from './plan-with-name-faults.ts';
import type { RunPorts } from './ports.ts';
import { digest } from './saved-plan.ts';
import { surveyManyUsers } from './survey-many-users.ts';
import type { OpenSystem } from './system-spec.ts';
import { userFilesDigest } from './user-files-digest.ts';

/** Users that come as a stream, and all that is not among them. */
interface ManyUsers {
  readonly identities: Identities;
  readonly source: UserSource;
}

/** Compares all users with the directory, and plans what belongs to them. */
export async function planManyUsers(
  system: OpenSystem,
  many: ManyUsers,
  toCome: readonly string[],
  ports: RunPorts,
): Promise<IdentityPart> {
  const { directory, ids, spec } = system;
  const { release, trees, userFiles = [] } = spec;
  const { target: own, remarks } = streamTarget({ release, trees, ...many }, spec);
  const target = { ...own, toCome };
  const files = await userFilesDigest(userFiles);
  const hash = createHash('sha256');
  const onChanges = (some: readonly Change[]): void => void hash.update(digest(some));
  const survey = await surveyManyUsers(system, target, ports, onChanges);
  const { states } = survey;
  hash.update(Uint8Array.from({ length: states.length }, (_, index) => states.at(index)));
  const { held, remarks: besideRemarks } = checkBeside(target, survey);
  const adopted: ExistingEntry[] = [];
  const { changes, warnings } = await planWithNameFaults(
    (asked) =>
      planBeside(directory, target, {
        ...{ ...asked, survey, held, drawId: ids.draw },
        onExisting: (entry) => void adopted.push(entry),
      }),
    spec,
    ports,
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

import { grantsWithoutRole } from '../grants-without-role.ts';
import { legacyFindings } from '../legacy-findings.ts';
import type { DirectoryCheck } from './check.ts';

export const legacy: DirectoryCheck = async function* ({ session, backend }) {
  yield* legacyFindings(session, backend);
  yield* grantsWithoutRole(session, backend);
};

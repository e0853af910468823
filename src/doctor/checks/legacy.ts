import { legacyFindings } from '../legacy-findings.ts';
import type { DirectoryCheck } from './check.ts';

export const legacy: DirectoryCheck = ({ session, backend }) => legacyFindings(session, backend);

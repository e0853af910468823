import { randomPassword } from '../../directory/ssha-password.ts';
import { KeystoneLdapError } from '../../errors.ts';
import { readBytesIfPresent } from '../../files.ts';
import { accessConflict, type AccessPorts } from '../../plan/access/plan-service-access.ts';
import type { ServiceAccountTarget } from '../../plan/access/plan-service-account.ts';
import type { Secret } from '../../secret.ts';
import { createSecretFile } from '../terminal/create-secret-file.ts';
import type { Io } from '../terminal/io.ts';
import { readSecret } from '../terminal/read-secret.ts';
import { requireDn } from './resolve-connection.ts';
import type { ServiceAccountFlags } from '../flags/service-account-flags.ts';

/** What is to become of the account, and how a drawn password is kept, which must be before anybody depends on it. */
export interface ResolvedServiceAccount {
  readonly target: ServiceAccountTarget;
  readonly keepPassword: () => Promise<void>;
}

/** @throws `USAGE`, `FILE_UNREADABLE` */
export async function resolveServiceAccount(
  flags: ServiceAccountFlags,
  io: Io,
): Promise<ResolvedServiceAccount | undefined> {
  const { serviceAccount, resetPasswords = false, serviceAccess: access } = flags;
  if (serviceAccount === undefined) {
    refuseStrayFlags(flags);
    return undefined;
  }
  const dn = requireDn('--service-account', serviceAccount);
  const { password, keepPassword } = await resolvePassword(flags, dn, io);
  if (password.reveal() === '')
    throw new KeystoneLdapError('USAGE', `The password of ${dn} is empty; nobody can bind with it.`);
  return { target: { dn, password, resetPassword: resetPasswords, access }, keepPassword };
}

/** What is done about rules of the server that refuse what is needed: what a flag says, or who is asked. */
export function settleAccessBy(
  { accessConflicts }: Pick<ServiceAccountFlags, 'accessConflicts'>,
  { asker, stderr }: Io,
): NonNullable<AccessPorts['settleAccess']> {
  return async (conflicts) => {
    if (accessConflicts !== undefined) return accessConflicts;
    if (asker === undefined) throw accessConflict(conflicts);
    stderr.write(
      `Rules of the server refuse what Keystone needs:\n${conflicts.map((one) => `  ${one}\n`).join('')}`,
    );
    const answer = await asker.choose('Leave them in force, or override them for this?', [
      'keep',
      'override',
    ]);
    return answer === 'override' ? 'override' : 'keep';
  };
}

interface ResolvedPassword {
  readonly password: Secret;
  readonly keepPassword: () => Promise<void>;
}

async function resolvePassword(flags: ServiceAccountFlags, dn: string, io: Io): Promise<ResolvedPassword> {
  const { servicePasswordFile, generateServicePassword: generated } = flags;
  if (servicePasswordFile !== undefined && generated !== undefined)
    throw new KeystoneLdapError(
      'USAGE',
      '--service-password-file and --generate-service-password cannot be given together.',
    );
  if (generated !== undefined && (await readBytesIfPresent(generated)) === undefined) {
    const password = randomPassword();
    return { password, keepPassword: () => createSecretFile(generated, password) };
  }
  const file = servicePasswordFile ?? generated;
  const { servicePasswordEnv: variable = SERVICE_SECRET.variable } = flags;
  const password = await readSecret({ ...SERVICE_SECRET, variable, file, prompt: false, whose: dn }, io);
  return { password, keepPassword: () => Promise.resolve() };
}

function refuseStrayFlags(flags: ServiceAccountFlags): void {
  const stray = [
    ...(flags.servicePasswordFile === undefined ? [] : ['--service-password-file']),
    ...(flags.generateServicePassword === undefined ? [] : ['--generate-service-password']),
    ...(flags.resetPasswords === true ? ['--reset-passwords'] : []),
    ...(flags.serviceAccess ? [] : ['--no-service-access']),
    ...(flags.accessConflicts === undefined ? [] : ['--access-conflicts']),
  ];
  if (stray.length === 0) return;
  throw new KeystoneLdapError('USAGE', `${stray.join(', ')}: --service-account DN is missing.`);
}

const SERVICE_SECRET = { variable: 'KEYSTONE_LDAP_SERVICE_PASSWORD', flag: '--service-password-file' };

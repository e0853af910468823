import { rdnOf } from '../../directory/dn.ts';
import type { Session, SessionOptions } from '../../directory/session.ts';
import { causesOnly } from '../../doctor/causes-only.ts';
import type { Finding } from '../../doctor/finding.ts';
import { assumedBackend, withEntryErrors } from '../../doctor/entry-findings.ts';
import { login, type LoginAnswer } from '../../doctor/login.ts';
import { releaseAsObserved } from '../../doctor/observed-emulation.ts';
import { verify } from '../../doctor/verify.ts';
import type { VerifyTarget } from '../../doctor/verify-target.ts';
import type { SeenCounts } from '../../doctor/verify-view.ts';
import { KeystoneLdapError } from '../../errors.ts';
import { admitIdentities } from '../../identities/check/admit-identities.ts';
import { NO_IDENTITIES, type Identities } from '../../identities/identities.ts';
import type { ShownIds } from '../../keystone-conf/modern/shown-ids.ts';
import type { Release } from '../../releases/release.ts';
import { carryGiven } from './carry-given.ts';
import type { IsGiven } from '../flags/command-context.ts';
import type { ExitCode, Io } from '../terminal/io.ts';
import { remark } from '../terminal/output.ts';
import { readSecret } from '../terminal/read-secret.ts';
import { renderVerdict } from './render-verdict.ts';
import { connect } from '../../system/connection.ts';
import { resolveIdentities } from '../inputs/resolve-identities.ts';
import { resolveVerifySource } from './resolve-verify-source.ts';
import type { VerifyFlags } from './verify-flags.ts';
import { withProgress } from '../terminal/with-progress.ts';

/** What `verify` does: gather the findings, perhaps log a user in, and show both. */
export async function runVerify(flags: VerifyFlags, io: Io, isGiven: IsGiven): Promise<ExitCode> {
  requireOneSource(flags);
  const source = await resolveVerifySource(flags, io, isGiven);
  const findings: Finding[] = [...source.findings];
  const { release, connection } = source;
  const identities = await identitiesOf(flags, release, io);
  let seen: SeenCounts | undefined;
  const onSeen = (counts: SeenCounts): void => void (seen = counts);
  const minUsers = leastUsers(flags, identities);
  let answer: LoginAnswer | undefined;
  if (connection !== undefined) {
    await using directory = await connect(connection);
    const trees = await source.treesIn(directory);
    if (isOwn(flags)) admitIdentities(identities, { release, trees, allowUnsafeNames: true });
    // Without a keystone.conf it is about the one that "configure" would write.
    const asked =
      flags.keystoneConf === undefined ? await releaseAsObserved(directory, release, trees) : release;
    const { backend: conf } = source;
    const pageSize = conf?.server.pageSize;
    const target = { release: asked, trees, identities, minUsers, onSeen, pageSize, conf };
    await withProgress(io, 'verifying', async (onIdentity) => {
      const { options } = connection;
      const backend = conf ?? assumedBackend(asked, trees, options);
      const all = withEntryErrors(verify(directory, { ...target, onIdentity }), {
        ...{ session: directory, options, backend },
      });
      for await (const finding of all) findings.push(finding);
    });
    const { ids, projectLoginFault } = source;
    const faults = { projectLoginFault, misnamed: conf?.misnamed };
    const place = { directory, target, server: connection.options, ids, ...faults };
    answer = await loginAnswer(flags, place, io);
  }
  const caused = await causesAmong(findings);
  if (answer?.refusal !== undefined) caused.push(loginFinding(answer));
  remarksOn({ ids: source.ids, answer, groups: identities === NO_IDENTITIES ? seen?.groups : undefined }, io);
  const carried = caused.map((finding) => carryGiven(finding, flags));
  renderVerdict({ release, identities, seen, findings: carried, login: answer }, flags, io);
  return caused.some(({ severity }) => severity === 'error') ? 1 : 0;
}

/** What is wrong in the file may be the cause of what is found in the directory. */
async function causesAmong(findings: readonly Finding[]): Promise<Finding[]> {
  const left: Finding[] = [];
  for await (const finding of causesOnly(findings)) left.push(finding);
  return left;
}

interface Remarkable {
  readonly ids: ShownIds;
  readonly answer: LoginAnswer | undefined;
  /** How many Keystone lists, where that is asked. */
  readonly groups: number | undefined;
}

function remarksOn({ ids, answer, groups }: Remarkable, io: Io): void {
  if (ids.kind === 'unknown' && answer?.id !== undefined) remark(io, `Public ids are not shown: ${ids.why}.`);
  if (answer?.remark !== undefined && answer.refusal === undefined)
    remark(io, `Keystone does not look at it, but ${answer.remark}.`);
  if (groups === 0) remark(io, 'Keystone lists no groups: nobody gets roles by them.');
}

/** @throws `USAGE` */
function requireOneSource({ file, sample }: VerifyFlags): void {
  if (file !== undefined && typeof sample === 'string')
    throw new KeystoneLdapError('USAGE', '--sample and --file name two sets of identities: leave one out.');
}

/**
 * Whether the identities were written by the user. What no directory can hold is refused in them, as `seed` refuses it:
 * of two users who would be one entry both seem to be there.
 */
function isOwn({ file, declared }: VerifyFlags): boolean {
  return file !== undefined || declared?.parsed !== undefined;
}

/** Who declares identities says which users there are to be. */
function leastUsers({ minUsers }: VerifyFlags, identities: Identities): number {
  return minUsers ?? (identities === NO_IDENTITIES ? 1 : 0);
}

async function identitiesOf(flags: VerifyFlags, release: Release, io: Io): Promise<Identities> {
  const { file, declared, sample } = flags;
  const isDeclared = declared !== undefined && sample !== false;
  if (file === undefined && !isDeclared && typeof sample !== 'string') return NO_IDENTITIES;
  return await resolveIdentities(flags, release, io);
}

interface LoginPlace {
  readonly directory: Session;
  readonly target: VerifyTarget;
  readonly server: SessionOptions;
  readonly ids: ShownIds;
  readonly projectLoginFault: string | undefined;
  readonly misnamed: string | undefined;
}

async function loginAnswer(
  { login: user, loginPasswordFile: file }: VerifyFlags,
  { directory, target, server, ...rest }: LoginPlace,
  io: Io,
): Promise<LoginAnswer | undefined> {
  if (user === undefined) return undefined;
  const password = await readSecret({ ...LOGIN_SECRET, file, prompt: false, whose: user }, io);
  const { release, trees } = target;
  const place = { session: directory, release, trees, server, ...rest };
  return await login(user, password, place);
}

const LOGIN_SECRET = { variable: 'KEYSTONE_LDAP_LOGIN_PASSWORD', flag: '--login-password-file' };

function loginFinding(answer: LoginAnswer): Finding {
  const { user, dn, refusal = '' } = answer;
  return {
    code: 'LOGIN_FAILS',
    severity: 'error',
    subject: `user ${user}${dn === undefined ? '' : ` (${rdnOf(dn).type}=${rdnOf(dn).value})`}`,
    message: `Keystone refuses the login: ${refusal}`,
    remedy: loginRemedy(answer),
  };
}

function loginRemedy({ dn, enabled, why, refusal = '' }: LoginAnswer): string {
  if (enabled === false) return `Decide whether this user is to log in: ${why ?? 'nothing enables it'}.`;
  if (/HTTP \d/.test(refusal)) return 'Decide how to correct what is named; another password does not help.';
  return dn === undefined
    ? 'Find out by which name Keystone knows the user; the command users lists them.'
    : 'Find out whether the password is right; if it is lost, set a new one in the directory.';
}

import { login, type LoginAnswer } from '../../doctor/login.ts';
import { shellWord } from '../../shell-word.ts';
import type { ExitCode, Io } from '../terminal/io.ts';
import type { KeystoneFlags } from '../flags/keystone-flags.ts';
import { printJson, remark, say, type OutputFlags } from '../terminal/output.ts';
import { readSecret } from '../terminal/read-secret.ts';
import { openBackend, type OpenedBackend } from '../inputs/resolve-keystone.ts';

export interface LoginFlags extends KeystoneFlags, OutputFlags {
  readonly project?: string;
  readonly userPasswordFile?: string;
}

/** What `login` does: the answer that Keystone would give, and how it comes to it. */
export async function runLogin(user: string, flags: LoginFlags, io: Io): Promise<ExitCode> {
  const secret = { variable: 'KEYSTONE_LDAP_LOGIN_PASSWORD', flag: '-y', file: flags.userPasswordFile };
  const password = await readSecret({ ...secret, prompt: false, whose: user }, io);
  await using opened = await openBackend(flags, io);
  const { backend, session, options } = opened;
  const { release, server, ids } = backend;
  const target = { ...backend, session, server: options, pageSize: server.pageSize };
  const answer = await login(user, password, { ...target, tenant: flags.project });
  const roles = rolesIn(flags.project, answer, opened);
  const refusal = answer.refusal ?? roles?.refusal;
  if (flags.json === true)
    printJson(io, {
      command: 'login',
      release: release.name,
      ok: refusal === undefined,
      ...answer,
      refusal,
    });
  else say(io, text({ ...answer, refusal }));
  if (answer.remark !== undefined && refusal === undefined)
    remark(io, `Keystone does not look at it, but ${answer.remark}.`);
  if (ids.kind === 'unknown' && answer.dn !== undefined)
    remark(io, `The public id is not shown: ${ids.why}.`);
  if (roles?.elsewhere !== undefined) remark(io, roles.elsewhere);
  return refusal === undefined ? 0 : 1;
}

/** Roles are in LDAP where projects are, else only Keystone's database knows them. */
function rolesIn(
  project: string | undefined,
  { tenants, publicIds, id }: LoginAnswer,
  { backend }: OpenedBackend,
): { readonly refusal?: string; readonly elsewhere?: string } | undefined {
  if (project === undefined) return undefined;
  const user = publicIds?.user ?? id ?? 'USER';
  if (backend.release.layout.tenant === undefined)
    return {
      elsewhere: `Roles in projects are in SQL: "openstack role assignment list --user ${shellWord(user)} --project ${shellWord(project)} --effective --names" tells them.`,
    };
  return tenants.some(({ tenant, enabled }) => tenant === project && enabled)
    ? {}
    : { refusal: `the user has no role in ${project}, or it is disabled` };
}

function lineOf<T>(value: T | undefined, text: (value: T) => string): readonly string[] {
  return value === undefined ? [] : [`    ${text(value)}`];
}

function text(answer: LoginAnswer): string {
  const { user, dn, id, refusal, tenants, groups, publicIds, enabled, why, passwordOf } = answer;
  const verdict = refusal === undefined ? `Keystone logs ${user} in` : `Keystone refuses ${user}: ${refusal}`;
  if (dn === undefined) return verdict;
  return [
    verdict,
    `    found as: ${dn}`,
    ...lineOf(passwordOf, (other) => `password of: ${other}, which has the same id`),
    ...lineOf(enabled, (is) => `enabled: ${is ? 'yes' : 'no'}, ${why ?? ''}`),
    `    id: ${publicIds?.user ?? id ?? ''}${publicIds === undefined ? '' : ` (${id ?? ''} in the directory)`}`,
    `    groups: ${groups.join(', ') || 'none'}`,
    ...tenants.map(({ tenant, roles }) => `    project ${tenant}: ${roles.join(', ') || 'no role'}`),
  ].join('\n');
}

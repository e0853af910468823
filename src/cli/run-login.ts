import { entryContext } from '../plan/entry-context.ts';
import { enabledBecause, type EnabledState } from '../doctor/enabled-because.ts';
import { KeystoneReader } from '../doctor/keystone-reader.ts';
import { login, type LoginAnswer } from '../doctor/login.ts';
import { NO_IDENTITIES } from '../identities/identities.ts';
import { shellWord } from '../identities/shell-word.ts';
import type { ExitCode, Io } from './io.ts';
import type { KeystoneFlags } from './keystone-flags.ts';
import { printJson, remark, say, type OutputFlags } from './output.ts';
import { readSecret } from './read-secret.ts';
import { openBackend, type OpenedBackend } from './resolve-keystone.ts';

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
  const { release, trees, ids } = backend;
  const identities = { ...NO_IDENTITIES, users: [{ name: user, enabled: true }] };
  const context = await entryContext(session, { release, trees, identities });
  const reader = new KeystoneReader(session, context);
  const domainId = ids.kind === 'public' ? ids.domainId : undefined;
  const answer = await login(user, password, {
    ...{ reader, layout: release.layout, server: options, domainId },
    legacy: release.legacy && release,
    tenant: flags.project,
  });
  const [entry] = await reader.byName('user', user);
  const state = entry === undefined ? undefined : await enabledBecause(reader, entry, context);
  const roles = rolesIn(flags.project, answer, opened);
  const refusal = answer.refusal ?? roles?.refusal;
  if (flags.json === true)
    printJson(io, {
      command: 'login',
      release: release.name,
      ok: refusal === undefined,
      ...state,
      ...answer,
      refusal,
    });
  else say(io, text({ ...answer, refusal }, state));
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

function text(answer: LoginAnswer, state: EnabledState | undefined): string {
  const { user, dn, id, refusal, tenants, groups, publicIds } = answer;
  const verdict = refusal === undefined ? `Keystone logs ${user} in` : `Keystone refuses ${user}: ${refusal}`;
  if (dn === undefined || state === undefined) return verdict;
  return [
    verdict,
    `    found as: ${dn}`,
    `    enabled: ${state.enabled ? 'yes' : 'no'}, ${state.why}`,
    `    id: ${publicIds?.user ?? id ?? ''}${publicIds === undefined ? '' : ` (${id ?? ''} in the directory)`}`,
    `    groups: ${groups.join(', ') || 'none'}`,
    ...tenants.map(({ tenant, roles }) => `    project ${tenant}: ${roles.join(', ') || 'no role'}`),
  ].join('\n');
}

import { Chalk } from 'chalk';
import type { Finding } from '../../doctor/finding.ts';
import type { LoginAnswer } from '../../doctor/login.ts';
import type { SeenCounts } from '../../doctor/verify-view.ts';
import type { Identities } from '../../identities/identities.ts';
import type { Release } from '../../releases/release.ts';
import type { Io } from '../terminal/io.ts';
import { printJson, say, type OutputFlags } from '../terminal/output.ts';
import { plural } from '../terminal/plural.ts';

export interface Verdict {
  readonly release: Release;
  readonly identities: Identities;
  /** What Keystone lists; absent where nobody could ask. */
  readonly seen: SeenCounts | undefined;
  readonly findings: readonly Finding[];
  readonly login: LoginAnswer | undefined;
}

/** The result of `verify` in words or as JSON. */
export function renderVerdict(verdict: Verdict, { json = false }: OutputFlags, io: Io): void {
  const { release, findings, login } = verdict;
  const checked = checkedCounts(verdict);
  if (json) {
    const ok = findings.every(({ severity }) => severity !== 'error');
    printJson(io, {
      command: 'verify',
      release: release.name,
      ok,
      checked,
      ...(verdict.seen && { seen: verdict.seen }),
      findings,
      ...(login && { login }),
    });
    return;
  }
  for (const finding of findings) say(io, findingText(finding, io.colour));
  if (login !== undefined && login.refusal === undefined) say(io, loginText(login));
  say(io, summary(verdict, checked));
}

function checkedCounts({ identities }: Verdict): Record<string, number> {
  const { domains, tenants, users, roles, groups, grants } = identities;
  const counts = { domains, tenants, users, roles, groups, grants };
  return Object.fromEntries(
    Object.entries(counts).flatMap(([kind, { length }]) => (length > 0 ? [[kind, length]] : [])),
  );
}

export function findingText(
  { code, severity, subject, message, remedy, domain }: Finding,
  colour: boolean,
): string {
  const paint = new Chalk({ level: colour ? 1 : 0 });
  const head = { error: paint.red, warning: paint.yellow, info: paint.blue }[severity](severity);
  const place = domain === undefined ? subject : `domain ${domain}: ${subject}`;
  return `${head} ${code}  ${place}\n    ${message}\n    ${paint.cyan('remedy')}: ${remedy}`;
}

function loginText(answer: LoginAnswer): string {
  const { user, dn, defaultTenant, tenants, globalRoles, groups, publicIds } = answer;
  const access = tenants.map(({ tenant, enabled, roles }) => {
    const marks = [...(tenant === defaultTenant ? ['default'] : []), ...(enabled ? [] : ['disabled'])].join(
      ', ',
    );
    return `    tenant ${tenant}${marks === '' ? '' : ` (${marks})`}: ${roles.join(', ') || 'no role'}`;
  });
  const everywhere = globalRoles.length === 0 ? [] : [`    everywhere: ${globalRoles.join(', ')}`];
  return [
    `Keystone logs ${user} in as ${dn ?? ''}`,
    ...(publicIds === undefined ? [] : [`    public id: ${publicIds.user}`]),
    ...access,
    ...everywhere,
    ...(groups.length === 0 ? [] : [`    groups: ${groups.join(', ')}`]),
    ...(publicIds?.groups ?? []).map(({ group, id }) => `    public id of group ${group}: ${id}`),
  ].join('\n');
}

function summary(
  { findings, release: { title }, seen = {} }: Verdict,
  checked: Record<string, number>,
): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length - errors;
  const counts = Object.entries(checked).map(
    ([kind, count]) => `${count} ${count === 1 ? kind.slice(0, -1) : kind}`,
  );
  const listed = Object.keys(checked).length > 0 ? '' : listedText(seen);
  const end = warnings === 0 ? '' : `, ${plural(warnings, 'warning')}`;
  if (errors === 0)
    return `${title} finds what it needs: ${['schema', 'trees', ...counts].join(', ')}${end}.${listed}`;
  return `${title}: ${plural(errors, 'error')}${end}.${listed}`;
}

function listedText({ users, enabled, groups }: SeenCounts): string {
  if (users === undefined) return '';
  const of = users === 0 ? '' : ` (${enabled ?? 0} enabled)`;
  const also = groups === undefined ? '' : ` and ${plural(groups, 'group')}`;
  return ` It lists ${plural(users, 'user')}${of}${also}.`;
}

import type { BulkConnection } from '../../directory/bulk-connection.ts';
import type { Session } from '../../directory/session.ts';
import type { Switched } from '../../identities/entries/identity-dn.ts';
import { KeystoneLdapError } from '../../errors.ts';
import { NO_IDENTITIES, type User } from '../../identities/identities.ts';
import { treeOf } from '../../releases/layout-of.ts';
import type { Change } from '../change.ts';
import { entryContext } from '../identities/entry-context.ts';
import { planIdentities, requireTrees } from '../identities/plan-identities.ts';
import { StreamCheck } from './check-stream.ts';
import { EntryTable } from './entry-table.ts';
import { FoldHash } from './fold-hash.ts';
import { StateList, UserState } from './state-list.ts';
import { needsNoCheck, otherIds, type OnStep, type StreamTarget } from './stream-target.ts';
import type { Survey } from './survey-result.ts';
import { unsurveyed } from './unsurveyed.ts';
import { UserForm, WHOLE_USER } from './user-form.ts';
import { UserPrints } from './user-prints.ts';

export interface SurveyPorts {
  readonly session: Session;
  /** Absent where there is no directory to compare with. */
  readonly bulk: BulkConnection;
  /** Told what is to be done about users that are there, but not as they shall be. */
  readonly onChanges?: (changes: readonly Change[]) => void;
}

/** As many as are compared one by one in one go. */
export const DIFFERENT_AT_ONCE = 256;

/**
 * Reads the users once, before anything is written: checks them all, and compares them with the directory, of which one
 * search over the whole tree tells more than a question for each.
 * @throws `INPUT_INVALID`, `UNSAFE_NAME`, `NAME_TAKEN`, with what was found up to a bound
 */
export async function surveyUsers(
  ports: SurveyPorts | undefined,
  target: StreamTarget,
  onStep: OnStep,
): Promise<Survey> {
  const run = new Run(target);
  if (ports !== undefined) {
    await run.observe(ports);
    const unread = run.isEmpty ? unsurveyed(target) : undefined;
    if (unread !== undefined) return unread;
  }
  run.claimBeside();
  for await (const users of target.source.users(run.check.faults.onProblem)) {
    onStep(run.states.length, target.source.count);
    for (const user of users) {
      run.take(user);
      if (run.different.length >= DIFFERENT_AT_ONCE) await run.compare(ports);
      if (run.check.isOver) break;
    }
    if (run.check.isOver) break;
  }
  await run.check.finish();
  await run.compare(ports);
  return run.survey();
}

class Run {
  readonly states = new StateList();
  readonly check: StreamCheck;
  /** Users that are there, but not as they shall be. */
  different: { readonly user: User; readonly index: number }[] = [];
  readonly #target: StreamTarget;
  readonly #form: UserForm;
  readonly #prints: UserPrints;
  #table = new EntryTable();
  readonly #names = new EntryTable();
  readonly #nameHash = new FoldHash();
  /** Whether the server shows only a part of the tree, so that each user must be asked for. */
  #isBlind = false;
  readonly #members = new Map<string, string[]>();
  readonly #enabledUsers: Switched[] = [];
  readonly #ids = new Map<string, string>();
  readonly #dns = new Map<string, string>();

  constructor(target: StreamTarget) {
    const { release, trees, identities } = target;
    this.#target = target;
    this.check = new StreamCheck(target);
    this.#form = new UserForm(release.layout, trees);
    this.#prints = new UserPrints(release.layout, trees.user, this.#form.desired(WHOLE_USER));
    for (const { name } of identities.tenants) this.#members.set(name, []);
  }

  async observe({ session, bulk }: SurveyPorts): Promise<void> {
    const { release, trees } = this.#target;
    await requireTrees(session, this.#target);
    const { attributes } = this.#prints;
    // A tree that is still to come is searched like an empty one.
    const request = { base: treeOf(trees, 'user'), scope: release.layout.scope, attributes };
    try {
      await bulk.search(request, (entry) => {
        this.#prints.observed(entry);
        this.#table.observe(this.#prints);
      });
    } catch (error) {
      if (!(error instanceof KeystoneLdapError) || error.code !== 'SIZE_LIMIT') throw error;
      this.#table = new EntryTable();
      this.#isBlind = true;
    }
  }

  /** The users that are not of the stream come first. */
  claimBeside(): void {
    for (const user of this.#target.identities.users) {
      this.#claim(user);
      this.#isNameTaken(user);
    }
  }

  /** Whether there is nobody in the tree; a server that hides some of them says so. */
  get isEmpty(): boolean {
    return !this.#isBlind && this.#table.isEmpty;
  }

  take(user: User): void {
    const { name, id, enabled, tenant } = user;
    if (tenant !== undefined) this.#members.get(tenant)?.push(name);
    if (this.#target.release.layout.user.enabled.kind === 'group') this.#enabledUsers.push({ name, enabled });
    if (id !== undefined && id !== name && (tenant !== undefined || this.check.isNamed(name)))
      this.#ids.set(`user ${name}`, id);
    const state = this.#stateOf(user);
    this.states.push(state);
    if (state === UserState.different) this.different.push({ user, index: this.states.length - 1 });
    this.check.user(user);
  }

  #stateOf(user: User): UserState {
    const claim = this.#claim(user);
    if (this.#isNameTaken(user)) this.check.twice(user, 'name');
    if (claim === 'claimed before') this.check.twice(user, 'entry');
    if (this.#isBlind) return UserState.different;
    if (claim === 'absent')
      return this.#prints.isNamedElsewhere(user.name) ? UserState.different : UserState.absent;
    const { password, resetPassword = this.#target.passwords.reset } = user;
    return claim === 'different' || (resetPassword && password !== undefined)
      ? UserState.different
      : UserState.same;
  }

  /** Entries are told apart by their ids, which may differ where names do not. */
  #isNameTaken({ name }: User): boolean {
    if (needsNoCheck(this.#target)) return false;
    this.#nameHash.text(0, name);
    const { a: keyA, b: keyB } = this.#nameHash;
    return this.#names.claim({ keyA, keyB, contentA: 0, contentB: 0 }) === 'claimed before';
  }

  #claim(user: User): ReturnType<EntryTable['claim']> {
    this.#prints.desired(this.#form.desired(user));
    return this.#table.claim(this.#prints);
  }

  /** Finds problems with those that are there; what there is to do is found again when it is done. */
  async compare(ports: SurveyPorts | undefined): Promise<void> {
    const different = this.different;
    this.different = [];
    if (different.length === 0 || ports === undefined) return;
    const alone = usersAlone(
      this.#target,
      different.map(({ user }) => user),
    );
    const changes = await planIdentities(ports.session, alone);
    ports.onChanges?.(changes);
    const changed = new Set(changes.map(({ label }) => label));
    const context = await entryContext(ports.session, alone);
    for (const { user, index } of different) {
      const key = `user ${user.name}`;
      if (!changed.has(key)) this.states.setSame(index);
      const [id, dn] = [context.idOf('user', user.name), context.placeOf('user', user.name)];
      if (id !== user.name) this.#ids.set(key, id);
      if (dn !== undefined) this.#dns.set(key, dn);
    }
  }

  survey(): Survey {
    const { identities, source } = this.#target;
    const tenants = identities.tenants.map((tenant) => {
      const members = this.#members.get(tenant.name) ?? [];
      return members.length === 0 ? tenant : { ...tenant, members: [...members, ...(tenant.members ?? [])] };
    });
    return {
      states: this.states,
      identities: { ...identities, tenants },
      known: { ids: this.#ids, dns: this.#dns },
      enabledUsers: this.#enabledUsers,
      remarks: [...(this.#isBlind ? [BLIND] : []), ...(source.remarks ?? []), ...this.check.faults.remarks],
    };
  }
}

const BLIND =
  'remark: the server shows this identity only a part of what a search finds, so that each user is asked for; the rootdn, or olcLimits without a size, is many times faster';

/** These users and nothing that they belong to. */
export function usersAlone(target: StreamTarget, users: readonly User[]) {
  const alone = users.map((user) => (user.tenant === undefined ? user : { ...user, tenant: undefined }));
  const { release, trees, passwords, toCome = [] } = target;
  const identities = { ...NO_IDENTITIES, users: alone };
  return { release, trees, passwords, toCome, identities, enabledUsers: [], ...otherIds(target) };
}

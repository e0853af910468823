import { foldCase } from '../../directory/dn.ts';
import { checkDomains } from '../../identities/check/check-domains.ts';
import { checkEach } from '../../identities/check/check-names.ts';
import { checkSharedNames, sharedWithUsers } from '../../identities/check/check-shared-names.ts';
import { divideIdentities } from '../../identities/entries/divide-identities.ts';
import { FaultList } from '../../identities/check/fault-list.ts';
import { DEFAULT_DOMAIN, NO_IDENTITIES, type User } from '../../identities/identities.ts';
import { duplicates, undeclared, usersNamedOnly } from '../../identities/check/identity-problems.ts';
import { namedItems, type NamedItem } from '../../identities/check/named-item.ts';
import type { NameFault } from '../../identities/check/name-fault.ts';
import { requireNone } from '../../identities/read/require-none.ts';
import { positionOf, type Position } from '../../identities/read/source.ts';
import { needsNoCheck, type StreamTarget } from './stream-target.ts';

/** Enough that what is prepared for each check counts little. */
const CHUNK = 500;
const MOST_TWICE = 100;

/**
 * Checks users as they come by, each alone and against the identities that are not streamed: what `identityProblems` and
 * `admitIdentities` find among few, it finds among many, and says it in their words.
 */
export class StreamCheck {
  readonly faults: FaultList;
  readonly #target: StreamTarget;
  readonly #isSound: boolean;
  readonly #declared: { readonly tenant: ReadonlySet<string>; readonly domain: ReadonlySet<string> };
  readonly #named: Map<string, Position | undefined>;
  readonly #sharedWith: (users: readonly NamedItem[]) => readonly NameFault[];
  #chunk: User[] = [];
  /** By what one of them before has had, too. */
  readonly #twice = new Map<string, User>();

  constructor(target: StreamTarget) {
    const { identities, release, trees } = target;
    this.#target = target;
    this.#isSound = needsNoCheck(target);
    this.faults = new FaultList(target.allowUnsafeNames);
    this.#declared = {
      tenant: new Set(identities.tenants.map(({ name }) => name)),
      domain: new Set([DEFAULT_DOMAIN, ...identities.domains.map(({ name }) => name)]),
    };
    this.#named = new Map(usersNamedOnly(identities));
    const { held } = divideIdentities({ ...identities, users: [] }, release.layout);
    this.#sharedWith = sharedWithUsers(namedItems(held, release.layout), { layout: release.layout, trees });
  }

  /** Whether the identities beside the stream name this user; asked before `user` is. */
  isNamed(name: string): boolean {
    return this.#named.has(name);
  }

  user(user: User): void {
    this.#named.delete(user.name);
    for (const kind of ['tenant', 'domain'] as const) {
      const [name, declared] = [user[kind], this.#declared[kind]];
      if (name !== undefined && !declared.has(name))
        this.faults.onProblem(undeclared({ kind, name, at: positionOf(user, kind) }, declared));
    }
    if (this.#isSound) return;
    this.#chunk.push(user);
    if (this.#chunk.length >= CHUNK) this.#checkChunk();
  }

  /** One that has the name of one before, or its entry. */
  twice(user: User, what: keyof typeof KEYS): void {
    const key = KEYS[what](user);
    if (!this.#twice.has(key)) this.#twice.set(key, user);
  }

  /** Whether more faults would help nobody. */
  get isOver(): boolean {
    return this.#twice.size >= MOST_TWICE || this.faults.isFull;
  }

  /** @throws `INPUT_INVALID`, `UNSAFE_NAME` */
  async finish(): Promise<void> {
    this.#checkChunk();
    if (!this.isOver)
      for (const [name, at] of this.#named) this.faults.onProblem(undeclared({ kind: 'user', name, at }, []));
    if (this.#twice.size > 0) await this.#tellFirsts();
    this.#refuse();
  }

  #checkChunk(): void {
    const { release, trees } = this.#target;
    // Membership is looked at with the tenants.
    const users = this.#chunk.map((user) =>
      user.tenant === undefined ? user : { ...user, tenant: undefined },
    );
    this.#chunk = [];
    const identities = { ...NO_IDENTITIES, users };
    this.faults.names(checkDomains(identities, release));
    this.faults.names(this.#sharedWith(namedItems(identities, release.layout)));
    this.faults.names(checkEach(identities, { ...release, trees }));
  }

  /** Only who is at fault is worth reading everything once more. */
  async #tellFirsts(): Promise<void> {
    // The first one may be among the identities beside the stream.
    for (const first of this.#target.identities.users) this.#tellFirst(first);
    for await (const users of this.#target.source.users(() => undefined)) {
      for (const first of users) this.#tellFirst(first);
      if (this.#twice.size === 0) return;
    }
  }

  #tellFirst(first: User): void {
    const keys = Object.values(KEYS).map((keyOf) => keyOf(first));
    const seconds = new Set(keys.flatMap((key) => this.#twice.get(key) ?? []));
    for (const key of keys) this.#twice.delete(key);
    for (const second of seconds) {
      const { release, trees } = this.#target;
      const pair = { ...NO_IDENTITIES, users: [first, second] };
      duplicates(pair).forEach(this.faults.onProblem);
      const { layout } = release;
      this.faults.names(checkSharedNames(namedItems(pair, layout), { layout, trees }));
    }
  }

  #refuse(): void {
    requireNone(this.faults.problems, [this.#target.source.subject]);
    this.faults.refuseUnsafe();
  }
}

/** What two users cannot have in common. */
const KEYS = {
  name: ({ name }: User) => `name ${foldCase(name)}`,
  entry: ({ name, id = name }: User) => `entry ${foldCase(id)}`,
};

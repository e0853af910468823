import { foldCase } from '../../directory/dn.ts';
import { checkNames } from '../../identities/check-names.ts';
import { FaultList } from '../../identities/fault-list.ts';
import { NO_IDENTITIES, type User } from '../../identities/identities.ts';
import { usersNamedOnly } from '../../identities/identity-problems.ts';
import { requireNone } from '../../identities/require-none.ts';
import { formatPosition, positionOf, type Position } from '../../identities/source.ts';
import { needsNoCheck, type StreamTarget } from './stream-target.ts';

/** Enough that what is prepared for each check counts little. */
const CHUNK = 500;
const MOST_TWICE = 100;

/** Checks users as they come by, each alone and against the identities that are not streamed. */
export class StreamCheck {
  readonly faults: FaultList;
  readonly #target: StreamTarget;
  readonly #isSound: boolean;
  readonly #tenants: ReadonlySet<string>;
  readonly #named: Map<string, Position | undefined>;
  #chunk: User[] = [];
  /** By the name as LDAP compares it. */
  readonly #twice = new Map<string, User>();

  constructor(target: StreamTarget) {
    this.#target = target;
    this.#isSound = needsNoCheck(target);
    this.faults = new FaultList(target.allowUnsafeNames);
    this.#tenants = new Set(target.identities.tenants.map(({ name }) => name));
    this.#named = new Map(usersNamedOnly(target.identities));
  }

  /** Whether the identities beside the stream name this user; asked before `user` is. */
  isNamed(name: string): boolean {
    return this.#named.has(name);
  }

  user(user: User): void {
    this.#named.delete(user.name);
    if (user.tenant !== undefined && !this.#tenants.has(user.tenant))
      this.faults.problem(positionOf(user, 'tenant'), `tenant "${user.tenant}" is not declared`);
    if (this.#isSound) return;
    this.#chunk.push(user);
    if (this.#chunk.length >= CHUNK) this.#checkChunk();
  }

  twice(user: User): void {
    this.#twice.set(foldCase(user.id ?? user.name), user);
  }

  /** Whether more faults would help nobody. */
  get isOver(): boolean {
    return this.#twice.size >= MOST_TWICE || this.faults.isFull;
  }

  /** @throws `INPUT_INVALID`, `UNSAFE_NAME` */
  async finish(): Promise<void> {
    this.#checkChunk();
    if (!this.isOver)
      for (const [name, at] of this.#named) this.faults.problem(at, `user "${name}" is not declared`);
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
    this.faults.names(checkNames({ ...NO_IDENTITIES, users }, { ...release, trees }));
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
    const key = foldCase(first.id ?? first.name);
    const second = this.#twice.get(key);
    if (second === undefined) return;
    this.#twice.delete(key);
    const where = first.source === undefined ? '' : `, first at ${formatPosition(first.source)}`;
    const what =
      first.name === second.name ? 'is declared twice' : `would be the same entry as user "${first.name}"`;
    this.faults.problem(positionOf(second), `user "${second.name}" ${what}${where}`);
  }

  #refuse(): void {
    requireNone(this.faults.problems, [this.#target.source.subject]);
    this.faults.refuseUnsafe();
  }
}

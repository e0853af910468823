import { KeystoneLdapError } from '../../errors.ts';
import { Secret } from '../../secret.ts';
import { didYouMean } from '../../did-you-mean.ts';
import type { Group, User } from '../identities.ts';
import { FAMILY_NAMES, GIVEN_NAMES, GROUP_NAMES } from './people-names.ts';
import { BATCH, type UserSource } from './user-source.ts';

/** How many people there shall be, and from which number they are drawn: the same number gives the same people. */
export interface GenerateOptions {
  readonly users: number;
  readonly groups: number;
  readonly seed: number;
}

const DEFAULTS: GenerateOptions = { users: 0, groups: 0, seed: 1 };
/** slapd's limit for one message would not let a larger group be read back by a client that may not page values. */
const LARGEST_GROUP = 100_000;
const DISABLED_PERCENT = 2;

/** Reads `users=1000000,groups=500,seed=42`. @throws `USAGE` */
export function parseGenerate(text: string): GenerateOptions {
  const options: Record<string, number> = { ...DEFAULTS };
  for (const part of text.split(',')) {
    const [, key = '', number = ''] = /^\s*([^=]*?)\s*=\s*(\d{1,8})\s*$/.exec(part) ?? [];
    if (number === '' || !Object.hasOwn(DEFAULTS, key))
      throw new KeystoneLdapError(
        'USAGE',
        `--generate: "${part}" is not understood${didYouMean(key, Object.keys(DEFAULTS)) || '.'}`,
        {
          hint: 'Write --generate users=1000,groups=20,seed=42; numbers have up to eight digits.',
        },
      );
    options[key] = Number(number);
  }
  return { ...DEFAULTS, ...options };
}

/**
 * Plausible people who do not exist. Every 50th or so is disabled, and the sizes of groups follow a law with a long tail: the
 * k-th has a 1/k of the members of the first. All have one password, since hashes as slow as Keystone's would
 * take hours: `keystone-SEED`.
 */
export function generatedPeople({ users, groups, seed }: GenerateOptions): UserSource {
  const password = new Secret(`keystone-${seed}`);
  const person = personOf(users, seed);
  return {
    subject: `${users} generated users`,
    count: users,
    isSound: true,
    async *users() {
      for (let first = 0; first < users; first += BATCH) {
        // Signals have their turn only between tasks, and nothing here waits.
        await new Promise(setImmediate);
        const length = Math.min(BATCH, users - first);
        yield Array.from({ length }, (_, index) => person(first + index, password));
      }
    },
    *groups() {
      for (let index = 0; index < groups && users > 0; index += 1) yield groupOf(index, users, seed, person);
    },
    remarks:
      users === 0 ? [] : [`remark: all generated users have one password, keystone-${seed}: it is for tests`],
  };
}

type PersonOf = (index: number, password?: Secret) => User;

/** The pairs of names in an order that the seed gives, then again with a number behind. */
function personOf(users: number, seed: number): PersonOf {
  const pairs = GIVEN_NAMES.length * FAMILY_NAMES.length;
  const { start, step } = tour(pairs, seed);
  return (index, password) => {
    const pair = (start + (index % pairs) * step) % pairs;
    const given = GIVEN_NAMES[pair % GIVEN_NAMES.length] ?? '';
    const family = FAMILY_NAMES[Math.floor(pair / GIVEN_NAMES.length)] ?? '';
    const round = Math.floor(index / pairs);
    const name = `${given}.${family}${round === 0 ? '' : round + 1}`.toLowerCase();
    return {
      name,
      email: `${name}@example.com`,
      description: `${given} ${family}`,
      enabled: scramble(index, seed) % 100 >= DISABLED_PERCENT,
      ...(password && { password }),
    };
  };
}

function groupOf(index: number, users: number, seed: number, person: PersonOf): Group {
  const size = Math.max(1, Math.floor(Math.min(users / 2, LARGEST_GROUP) / (index + 1)));
  const { start, step } = tour(users, scramble(index, seed));
  const name = GROUP_NAMES[index % GROUP_NAMES.length] ?? '';
  const round = Math.floor(index / GROUP_NAMES.length);
  return {
    name: round === 0 ? name : `${name}-${round + 1}`,
    members: Array.from({ length: size }, (_, member) => person((start + member * step) % users).name),
  };
}

/** A way through all numbers below `count` that meets each once: steps of a length that has no divisor in common with it. */
function tour(count: number, seed: number): { readonly start: number; readonly step: number } {
  let step = (scramble(1, seed) % count) | 1;
  while (divisor(step, count) !== 1) step += 2;
  return { start: scramble(2, seed) % count, step };
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}

/** A number that looks drawn, and is the same each time. */
function scramble(index: number, seed: number): number {
  let mixed = Math.imul(index ^ Math.imul(seed, 0x9e3779b1), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

import type { ConfNote } from '../plan/conf/conf-plan.ts';
import type { ObservedEmulation } from './observed-emulation.ts';

/** Which of the options that emulate enabled are not to be written, and why. */
export interface SettledEmulation {
  readonly left: readonly string[];
  readonly notes: readonly ConfNote[];
}

export interface EmulationFacts {
  /** Why no server could be asked. */
  readonly unseen?: string | undefined;
  /** Whether a Keystone uses LDAP with this file already, so that emulation may lock its users out. */
  readonly isUsed: boolean;
  /** Whether somebody is asked before the file is written. */
  readonly isAsked: boolean;
}

/** Emulation that nobody asked for is written if its group enables entries of the tree, and if that locks nobody out unasked. */
export function settleEmulation(
  options: readonly string[],
  found: readonly ObservedEmulation[],
  facts: EmulationFacts,
): SettledEmulation {
  const settled = options.map((option) => {
    const seen = found.find((one) => one.option === option);
    return seen === undefined ? unseen(option, facts) : decided(seen, facts);
  });
  return {
    left: settled.flatMap(({ left }) => left),
    notes: settled.flatMap(({ notes }) => notes),
  };
}

const note = (code: string, message: string, isRemark: boolean): ConfNote => ({ code, message, isRemark });

function unseen(option: string, { unseen: why }: EmulationFacts): SettledEmulation {
  const message = `${option} is not written: ${why ?? 'the server was not asked'}. Run "keystone-ldap configure" again if a group says who is enabled, or set it with --map ${option}=true.`;
  return { left: [option], notes: why === undefined ? [] : [note('EMULATION_UNSEEN', message, true)] };
}

function decided(
  { option, kind, group, all, enabled, isUsed: hasMembers }: ObservedEmulation,
  { isUsed, isAsked }: EmulationFacts,
): SettledEmulation {
  const outside = all - enabled;
  if (!hasMembers) {
    const message =
      all === 0
        ? `${option} is not written: there are no ${kind}s yet. Run "keystone-ldap configure" again after "keystone-ldap seed".`
        : `${option} is not written: no ${kind} is a member of ${group}, and all ${all} stay enabled.`;
    return { left: [option], notes: [note('EMULATION_LEFT', message, true)] };
  }
  if (outside === 0) return { left: [], notes: [] };
  const many = `${outside} of ${all} ${kind}s are not members of ${group}`;
  if (!isUsed || isAsked)
    return {
      left: [],
      notes: [note('EMULATION_DISABLES', `${many}: with ${option} Keystone treats them as disabled.`, false)],
    };
  const message = `${option} is not written: ${many}, and Keystone would treat them as disabled from then on. If that is meant, add --map ${option}=true.`;
  return { left: [option], notes: [note('EMULATION_LEFT', message, false)] };
}

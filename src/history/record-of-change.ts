import type { NewAttributes } from '../directory/entry.ts';
import type { Change, DeleteEntry, SetPassword } from '../plan/change.ts';
import { revealed } from '../secret.ts';
import { entryDigest } from './entry-digest.ts';
import type { JournalRecord } from './journal.ts';
import { isHashedPassword, passwordDigest } from './password-mark.ts';

/** What the journal keeps of a change, from which it can be recognised and taken back. */
export function recordOfChange(change: Change): JournalRecord {
  const { dn, label } = change;
  switch (change.kind) {
    case 'add-schema':
    case 'modify-schema':
      return { kind: change.kind, dn, label };
    case 'add-entry':
      return { kind: change.kind, dn, label, sha256: entryDigest(dn, change.attributes) };
    case 'modify-entry':
    case 'modify-config':
      return { kind: change.kind, dn, label, edits: change.edits };
    case 'set-password':
      return { kind: change.kind, dn, label, ...passwords(change) };
    case 'delete-entry':
      return { kind: change.kind, dn, label, ...withoutClearText(change) };
    default:
      return change satisfies never;
  }
}

function passwords({ from, values }: SetPassword) {
  const old = from.map(revealed);
  return {
    sha256: passwordDigest(values.map(revealed)),
    before: passwordDigest(old),
    ...(old.every(isHashedPassword) && { from: old }),
  };
}

function withoutClearText({ attributes, listedIn }: DeleteEntry) {
  const kept = Object.entries(attributes).map(([name, values]) => [name, keptValues(name, values)] as const);
  const isWhole = kept.every(([name, values]) => values.length === attributes[name]?.length);
  return {
    attributes: Object.fromEntries(kept),
    ...(listedIn !== undefined && { listedIn }),
    ...(!isWhole && { hadClearPassword: true as const }),
  };
}

function keptValues(name: string, values: NewAttributes[string]): readonly string[] {
  const all = values.map(revealed);
  return name.toLowerCase() === 'userpassword' ? all.filter(isHashedPassword) : all;
}

import { expect } from 'vitest';
import type { Session } from '../../src/directory/session.ts';
import { JournalWriter } from '../../src/history/journal-writer.ts';
import { apply } from '../../src/plan/apply/apply.ts';
import type { AddEntry } from '../../src/plan/change.ts';

const below = 'ou=Users,dc=example,dc=com';

function person(name: string): AddEntry {
  const attributes = { objectClass: ['person'], cn: [name], sn: [name] };
  return { kind: 'add-entry', dn: `cn=${name},${below}`, label: `user ${name}`, attributes };
}

/** A run of three adds, one of which meets an entry of the very same content that somebody else made. */
export async function applyFailing(directory: Session, stateDir: string, server: string): Promise<void> {
  await directory.add(person('extra'));
  await using journal = new JournalWriter(stateDir, { command: 'seed', server });
  const ports = { directory, openConfig: () => Promise.resolve(directory), listeners: [journal] };
  const steps = apply(['first', 'extra'].map(person), ports);
  await expect(steps.next()).rejects.toMatchObject({ code: 'APPLY_INCOMPLETE', resultCode: 68 });
}

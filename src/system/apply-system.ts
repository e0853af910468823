import type { JournalWriter } from '../history/journal-writer.ts';
import { Registry, registryDn } from '../history/registry.ts';
import { withJournal } from '../history/with-journal.ts';
import type { ReplacedFile } from '../keystone-conf/document/file.ts';
import type { RunPorts } from './ports.ts';
import type { SystemPlan } from './system-plan.ts';
import type { OpenSystem } from './system-spec.ts';
import { writeConfs } from './write-confs.ts';
import { writeSystem } from './write-system.ts';

export interface ApplyPorts extends RunPorts {
  /** Of the journals; without one the run cannot be undone. */
  readonly folder: string | undefined;
  /** Turns what ended the run into the error that is thrown; the run is the one with this journal. */
  readonly onFailure?: ((runId: string, cause: unknown) => Promise<unknown>) | undefined;
}

/**
 * Carries a plan out: the directory first, then keystone.conf, in one run with one journal, and the registry of what it makes.
 * Returns the files that were replaced.
 */
export async function applySystem(
  system: OpenSystem,
  plan: SystemPlan,
  ports: ApplyPorts,
): Promise<readonly ReplacedFile[]> {
  const { directory, spec } = system;
  const { release, suffix, serviceAccount, keystoneConf } = spec;
  await serviceAccount?.keepPassword?.();
  const registry = registryDn(suffix);
  let begun: JournalWriter | undefined;
  try {
    return await withJournal(
      ports.folder,
      { command: 'apply', release: release.name, directory, registry },
      async (journal) => {
        begun = journal;
        const owned = new Registry(directory, registry, journal?.id ?? new Date().toISOString());
        await writeSystem(system, plan, { journal, registry: owned }, ports);
        return await writeConfs(plan.conf, { backup: keystoneConf?.backup ?? true }, journal);
      },
    );
  } catch (error) {
    if (ports.onFailure === undefined || begun?.isEmpty !== false) throw error;
    throw await ports.onFailure(begun.id, error);
  }
}

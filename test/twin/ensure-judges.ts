import type { TestProject } from 'vitest/node';
import { provideLack } from '../support/needs/provide-lack.ts';
import { findJudge, JUDGES, type Judge, type JudgeName } from './judge.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The Keystones that can be asked on this machine. */
    readonly judges: Readonly<Partial<Record<JudgeName, Judge>>>;
  }
}

/** Vitest's global set-up of the twin: finds the judges; REQUIRE_KEYSTONE_27=1 turns the lack of one into a failure. */
export async function setup(project: TestProject): Promise<void> {
  const judges: Partial<Record<JudgeName, Judge>> = {};
  for (const name of JUDGES) {
    const found = await findJudge(name);
    if (typeof found === 'string')
      provideLack(project, [`Keystone ${name}`, found], `REQUIRE_KEYSTONE_${name}`);
    else judges[name] = found;
  }
  project.provide('judges', judges);
}

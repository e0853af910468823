import type { TestProject } from 'vitest/node';
import { faultOf } from './needs/find-lacks.ts';
import { provideLack } from './needs/provide-lack.ts';

/** Vitest's global set-up of the package tests, which install packages that need not be in npm's cache. */
export async function setup(project: TestProject): Promise<void> {
  const why = await faultOf('npm', ['view', 'jest', 'version', '--fetch-retries=0']);
  if (why !== undefined) provideLack(project, ['npm registry', why]);
}

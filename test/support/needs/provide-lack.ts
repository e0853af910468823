import type { TestProject } from 'vitest/node';
import type { Lacks, Need } from './needs.ts';

/** Has the tests of a project that need something skipped; `variable=1` in the environment makes the lack a failure. */
export function provideLack(
  project: TestProject,
  [need, why]: readonly [need: Need, why: string],
  variable?: string,
): void {
  if (variable !== undefined && process.env[variable] === '1') throw new Error(`${variable}=1, but ${why}`);
  const { lacks } = project.getProvidedContext() as { readonly lacks?: Lacks };
  project.provide('lacks', { ...lacks, [need]: why });
}

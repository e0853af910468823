import { describeNeeding } from './needs/needing.ts';

/** A `describe` for tests that need a container engine. */
export function describeDocker(name: string, suite: () => void): void {
  describeNeeding(['container engine'], name, suite);
}

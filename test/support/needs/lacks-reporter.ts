import type { Reporter, TestModule } from 'vitest/node';
import { lacksTable } from './lacks-table.ts';

/** Closes a run with the table of what was skipped, and how to have it. */
export default class LacksReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules.flatMap((module) =>
      [...module.children.allTests('skipped')].flatMap((test) => test.meta().lacks ?? []),
    );
    const table = lacksTable(skipped);
    if (table !== '') process.stdout.write(`\n${table}`);
    if (process.env['LONG_TESTS'] !== '1')
      process.stdout.write('\nThe long tests did not run: LONG_TESTS=1 npm test runs them too.\n');
  }
}

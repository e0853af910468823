import type { Command } from 'commander';
import type { Io } from '../terminal/io.ts';

/**
 * Gives options that no flag set the value of their environment variable. commander does this from the environment of
 * the process; what counts here is that of the `Io`. An empty variable counts as not set.
 */
export function takeEnvironment(command: Command, env: Io['env']): void {
  for (const option of command.options) {
    const name = option.attributeName();
    const source = command.getOptionValueSource(name);
    if (option.envVar === undefined || source === 'cli') continue;
    const value = env[option.envVar];
    if (value !== undefined && value !== '') command.setOptionValueWithSource(name, value, 'env');
    else if (source === 'env') command.setOptionValue(name, undefined);
  }
}

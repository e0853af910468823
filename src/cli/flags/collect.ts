import { InvalidArgumentError } from 'commander';

/** For a flag that may be given several times. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** For the flag of a command that uses one keystone.conf only. @throws `InvalidArgumentError` for a second one */
export function oneConf(why: string): (value: string, before: string | undefined) => string {
  return (value, before) => {
    if (before === undefined) return value;
    throw new InvalidArgumentError(`${before} is named already; ${why}`);
  };
}

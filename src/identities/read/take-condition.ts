import { VALUE_READERS } from './read-value.ts';
import type { YamlPair, YamlReader } from './yaml-reader.ts';

const CONDITIONS = { when_env: true, unless_env: false } as const;

/** An item of sample data without the condition under which it counts. */
export interface Conditional {
  readonly pairs: readonly YamlPair[];
  readonly holds: boolean;
}

/**
 * Takes `when_env: NAME` and `unless_env: NAME` out of an item: it counts only where the variable has a value, or has
 * none. Both are for sample data; elsewhere they are keys like any other.
 */
export function takeCondition(reader: YamlReader, pairs: readonly YamlPair[]): Conditional {
  const { variables } = reader;
  if (variables === undefined) return { pairs, holds: true };
  const isSet = (name: string | undefined): boolean => name !== undefined && (variables[name] ?? '') !== '';
  const failed = Object.entries(CONDITIONS).filter(([key, wanted]) => {
    const pair = pairs.find((one) => one.key === key);
    return pair !== undefined && isSet(VALUE_READERS.text(reader, pair)) !== wanted;
  });
  return { pairs: pairs.filter(({ key }) => !Object.hasOwn(CONDITIONS, key)), holds: failed.length === 0 };
}

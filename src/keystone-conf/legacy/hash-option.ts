import type { Problem } from '../../errors.ts';
import type { LegacyConfStyle } from '../../releases/release.ts';
import { problemAt, type ConfDocument } from '../document/document.ts';
import { DEFAULT_SECTION, findOptions, optionValue } from '../document/option-value.ts';
import { readPythonLiteral } from './python-literal.ts';

/** Whether passwords are hashed; what is no Python literal keeps Keystone from starting. */
export interface HashOption {
  readonly isOn: boolean;
  readonly fault?: Problem;
}

/**
 * What the release makes of `hash-password`, which it evaluates as a Python literal: without it nothing is hashed (read
 * at 2011.3, essex-1, essex-2 and 8b3df3229). `undefined` for a release that does not read it.
 */
export function readHashOption(
  doc: ConfDocument,
  { hashOption }: Pick<LegacyConfStyle, 'hashOption'>,
): HashOption | undefined {
  if (hashOption === undefined) return undefined;
  const value = optionValue(doc, DEFAULT_SECTION, hashOption);
  if (value === undefined) return { isOn: false };
  const literal = readPythonLiteral(value);
  if (literal !== undefined) return { isOn: literal.isTrue };
  const { line } = findOptions(doc, DEFAULT_SECTION, hashOption).at(-1) ?? {};
  const message = `[DEFAULT] ${hashOption} is not a Python literal such as True or False: Keystone does not start.`;
  return { isOn: false, fault: problemAt(doc, line, message) };
}

import { dnKey, foldCase } from './dn.ts';

/** The form in which the server compares values of an attribute: DNs by meaning, names without case. */
export function comparable(attribute: string, value: string): string {
  if (isDnAttribute(attribute)) return dnKey(value);
  return CASE_EXACT_ATTRIBUTES.has(attribute.toLowerCase()) ? value : foldCase(value);
}

/** Whether the values are DNs, which the server may write otherwise than they were sent. */
export function isDnAttribute(attribute: string): boolean {
  return DN_ATTRIBUTES.has(attribute.toLowerCase());
}

const DN_ATTRIBUTES = new Set(['member', 'uniquemember', 'roleoccupant', 'keystonerole', 'seealso']);
const CASE_EXACT_ATTRIBUTES = new Set(['serviceid', 'userpassword']);

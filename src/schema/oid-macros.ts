/** OIDs by the names that `objectidentifier` gave them; slapd minds the case of these names. */
export type OidMacros = ReadonlyMap<string, string>;

export const NUMERIC_OID = /^\d+(?:\.\d+)+$/;

/** `name` or `name:suffix` as a dotted decimal OID; one that is numeric already stays as it is. */
export function resolveOid(oid: string, macros: OidMacros): string | undefined {
  if (NUMERIC_OID.test(oid)) return oid;
  const [name = '', suffix, ...more] = oid.split(':');
  const base = macros.get(name);
  if (base === undefined || suffix === undefined) return base;
  const whole = `${base}.${suffix}`;
  return more.length === 0 && NUMERIC_OID.test(whole) ? whole : undefined;
}

/**
 * Adds the macro of one `objectidentifier` directive or `olcObjectIdentifier` value, such as `keystoneAttrs keystoneSchema:3`.
 * @returns what is wrong with it, if anything
 */
export function defineMacro(text: string, macros: Map<string, string>): string | undefined {
  const [name, oid, ...rest] = text.trim().split(/\s+/);
  if (name === undefined || oid === undefined || rest.length > 0)
    return `objectidentifier takes a name and an OID, not "${text.trim()}".`;
  const resolved = resolveOid(oid, macros);
  if (resolved === undefined)
    return `objectidentifier ${name}: "${oid}" is neither a numeric OID nor made from a macro defined above.`;
  const before = macros.get(name);
  if (before !== undefined && before !== resolved)
    return `objectidentifier ${name}: it stands for ${before} already, so it cannot stand for ${resolved}.`;
  macros.set(name, resolved);
  return undefined;
}

/** The macros of `olcObjectIdentifier` values, numbered or not; values that make no sense are passed over. */
export function readOidMacros(values: Iterable<string>, known: OidMacros = new Map()): OidMacros {
  const macros = new Map(known);
  for (const value of values) defineMacro(stripIndex(value), macros);
  return macros;
}

/** A value or name of cn=config without the `{n}` that slapd puts before it to keep an order. */
export function stripIndex(value: string): string {
  return value.replace(/^\{-?\d+\}/, '');
}

/** OIDs by the names that `objectidentifier` gave them; slapd minds the case of these names. */
export type OidMacros = ReadonlyMap<string, string>;

/** One arc is enough for slapd. */
export const NUMERIC_OID = /^\d+(?:\.\d+)*$/;

/** The macros that every slapd has built in. */
const BUILT_IN: OidMacros = builtInMacros();

function builtInMacros(): OidMacros {
  const configuration = '1.3.6.1.4.1.4203.1.12.2';
  const syntaxes = '1.3.6.1.4.1.1466.115.121.1';
  return new Map([
    ['OLcfg', configuration],
    ...(['At', 'Oc'] as const).flatMap((kind, at): [string, string][] => {
      const base = `${configuration}.${at + 3}`;
      const places = ['Gl', 'Bk', 'Db', 'Ov', 'Ct'];
      return [
        [`OLcfg${kind}`, base],
        ...places.map((place, arc): [string, string] => [`OLcfg${place}${kind}`, `${base}.${arc}`]),
      ];
    }),
    ['OMsyn', syntaxes],
    ['OMsBoolean', `${syntaxes}.7`],
    ['OMsDN', `${syntaxes}.12`],
    ['OMsDirectoryString', `${syntaxes}.15`],
    ['OMsIA5String', `${syntaxes}.26`],
    ['OMsInteger', `${syntaxes}.27`],
    ['OMsOID', `${syntaxes}.38`],
    ['OMsOctetString', `${syntaxes}.40`],
  ]);
}

/** `name` or `name:suffix` as a dotted decimal OID; one that is numeric already stays as it is. */
export function resolveOid(oid: string, macros: OidMacros): string | undefined {
  if (NUMERIC_OID.test(oid)) return oid;
  const whole = macros.get(oid) ?? BUILT_IN.get(oid);
  if (whole !== undefined) return whole;
  const colon = oid.indexOf(':');
  const base = colon < 0 ? undefined : resolveOid(oid.slice(0, colon), macros);
  const extended = `${base ?? ''}.${oid.slice(colon + 1)}`;
  return base !== undefined && !/^\d/.test(oid) && NUMERIC_OID.test(extended) ? extended : undefined;
}

/**
 * Adds the macro of one `objectidentifier` directive or `olcObjectIdentifier` value, such as `keystoneAttrs keystoneSchema:3`.
 * @returns what is wrong with it, if anything
 */
export function defineMacro(words: readonly string[], macros: Map<string, string>): string | undefined {
  const [name, oid, ...rest] = words;
  if (name === undefined || oid === undefined || rest.length > 0)
    return `objectidentifier takes a name and an OID, not "${words.join(' ')}".`;
  if (/^\d/.test(name)) return `objectidentifier ${name}: a name cannot begin with a digit.`;
  const resolved = resolveOid(oid, macros);
  if (resolved === undefined)
    return `objectidentifier ${name}: "${oid}" is neither a numeric OID nor made from a macro defined above.`;
  const before = resolveOid(name, macros);
  if (before !== undefined && before !== resolved)
    return `objectidentifier ${name}: it stands for ${before} already, so it cannot stand for ${resolved}.`;
  if (before === undefined) macros.set(name, resolved);
  return undefined;
}

/** The macros of `olcObjectIdentifier` values, numbered or not; values that make no sense are passed over. */
export function readOidMacros(values: Iterable<string>, known: OidMacros = new Map()): OidMacros {
  const macros = new Map(known);
  for (const value of values) defineMacro(stripIndex(value).trim().split(/\s+/), macros);
  return macros;
}

/** A value or name of cn=config without the `{n}` that slapd puts before it to keep an order. */
export function stripIndex(value: string): string {
  return value.replace(/^\{-?\d+\}/, '');
}

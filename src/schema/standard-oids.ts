/**
 * The definitions that OpenLDAP brings along in core, cosine, inetorgperson and nis, or has built in, by their OIDs: those of
 * X.500 (RFC 4519), COSINE (RFC 4524), inetOrgPerson (RFC 2798), NIS (RFC 2307) and of OpenLDAP itself.
 */
const STANDARD =
  /^(?:2\.5\.(?:4|6|18|20|21)\.|0\.9\.2342\.19200300\.100\.|1\.3\.6\.1\.1\.1\.|1\.3\.6\.1\.4\.1\.(?:1466|4203)\.|2\.16\.840\.1\.113730\.3\.(?:1\.(?:1|2|3|4|39|40|216|241)|2\.[26])$|1\.2\.840\.113549\.1\.9\.1$)/;

/** Whether everybody who uses the directory relies on this definition. */
export function isStandard({ oid }: { readonly oid: string }): boolean {
  return STANDARD.test(oid);
}

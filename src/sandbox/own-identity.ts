/**
 * The DN that slapd gives to a SASL EXTERNAL bind of this process over ldapi: effective gid and uid of the peer.
 * @see slapd.access(5), and the ACLs of Debian's slapd
 */
export function ownExternalDn(): string {
  const [gid, uid] = [process.getegid?.() ?? 0, process.geteuid?.() ?? 0];
  return `gidNumber=${gid}+uidNumber=${uid},cn=peercred,cn=external,cn=auth`;
}

import { isIPv4, isIPv6 } from 'node:net';
import type { PeerCertificate } from 'node:tls';

/** What of a certificate says whom it is for. */
export type NamedCertificate = Pick<PeerCertificate, 'subjectaltname'> & {
  readonly subject?: { readonly CN?: string | readonly string[] | undefined };
};

/** The host for which libldap takes the name of the machine it runs on. */
export function isLocalhost(host: string): boolean {
  return host.toLowerCase() === 'localhost';
}

/**
 * Whether libldap takes the certificate for one of this host: an alternative name of the host's kind counts, else the last common
 * name, whatever alternative names there are. Measured with 2.5.13, 2.6.10 and 2.6.14, which Debian builds with GnuTLS; 2.6 also
 * takes a common name of `*.0.0.1` for 127.0.0.1.
 */
export function isNamedForLibldap(
  host: string,
  { subjectaltname = '', subject }: NamedCertificate,
  machine: string,
): boolean {
  const name = isLocalhost(host) ? machine : host;
  const address = canonicalAddress(name);
  const isAlternative = subjectaltname.split(', ').some((one) => {
    const [, kind, value = ''] = /^(DNS|IP Address):(.*)$/s.exec(one) ?? [];
    if (kind === 'DNS') return address === undefined && isSameName(name, value);
    return kind === 'IP Address' && address !== undefined && canonicalAddress(value) === address;
  });
  const common = [subject?.CN ?? []].flat().at(-1);
  return (
    isAlternative ||
    (common !== undefined &&
      (address === undefined ? isSameName(name, common) : equalIgnoringCase(name, common)))
  );
}

/** A wildcard stands for one whole first label. */
function isSameName(name: string, pattern: string): boolean {
  const dot = name.indexOf('.');
  return (
    equalIgnoringCase(name, pattern) ||
    (dot >= 0 && pattern.startsWith('*.') && equalIgnoringCase(name.slice(dot), pattern.slice(1)))
  );
}

function equalIgnoringCase(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** libldap reads IPv4 addresses as `inet_aton` does: 127.1 is 127.0.0.1. A URL does so too. */
function canonicalAddress(name: string): string | undefined {
  if (isIPv6(name)) return new URL(`http://[${name}]`).hostname;
  if (!/\.\d[^.]*$/.test(name) || !URL.canParse(`http://${name}`)) return undefined;
  const { hostname } = new URL(`http://${name}`);
  return isIPv4(hostname) ? hostname : undefined;
}

import type { PeerCertificate } from 'node:tls';
import type { Secret } from '../secret.ts';
import type { Entry, NewEntry } from './entry.ts';
import type { Filter } from './filter.ts';
import type { PolicyError } from './password-policy-control.ts';

/** Who the server shall take us for; `external` is SASL EXTERNAL, over ldapi the uid and gid of this process. */
export type Credentials =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'simple'; readonly dn: string; readonly password: Secret }
  /** A DN with an empty password (RFC 4513 section 5.1.2): to see whether the server takes it. */
  | { readonly kind: 'unauthenticated'; readonly dn: string }
  | { readonly kind: 'external' };

/** Where the server puts the entry that an alias names in its place (RFC 4511 section 4.5.1.3). */
export type Aliases = 'search' | 'find' | 'always';

export interface SessionOptions {
  readonly uri: string;
  readonly credentials: Credentials;
  /** StartTLS on an `ldap://` connection: `try` goes on in clear where the server has none, `require` does not. */
  readonly startTls?: 'try' | 'require';
  /** Takes what goes on otherwise than was asked for: a connection that stays in clear. */
  readonly onRemark?: (text: string) => void;
  /** CA certificates to trust instead of Node's own, PEM; of an empty text nobody is trusted. */
  readonly ca?: string;
  /** `false` takes any certificate; what is then said over the connection may be said to anybody. */
  readonly checkCertificate?: boolean;
  /** `false` takes a certificate for any name; by default the name is checked where the certificate is. */
  readonly checkName?: boolean;
  /** Says whether a certificate is for this host, in place of Node's own check. */
  readonly isNamed?: (host: string, certificate: PeerCertificate) => boolean;
  /** In all that is searched and read; nowhere unless told. */
  readonly aliases?: Aliases;
  /** Longest wait for the connection and for each answer, in milliseconds; 30,000 unless told. */
  readonly timeoutMs?: number;
  /** Takes what the server's password policy says of the bind, which also succeeds where the password must be changed. */
  readonly onPolicy?: (error: PolicyError) => void;
  /** Aborting it closes the connection; what waits for an answer then fails with `CANCELLED`. */
  readonly signal?: AbortSignal;
}

/** One modification of an entry (RFC 4511 section 4.6). */
export interface Edit {
  readonly operation: 'add' | 'delete' | 'replace';
  readonly attribute: string;
  readonly values: readonly (string | Secret)[];
}

export interface SearchRequest {
  readonly base: string;
  readonly scope: 'base' | 'one' | 'sub';
  readonly filter: Filter;
  readonly attributes: readonly string[];
  /** Entries of one answer; 0 asks for all at once, as who knows no paging does. 1000 unless told. */
  readonly pageSize?: number;
  /** Fails if the server refuses such pages, which is by default asked for all at once then. */
  readonly mustPage?: boolean;
  /** Takes the addresses to which the server refers for a part of the tree. */
  readonly onReferral?: (uris: readonly string[]) => void;
}

/** `untold` if the entry is not there, or hidden, or the answer means neither. */
export type WriteRight = 'yes' | 'no' | 'untold';

/** What a server showed of itself over TLS. */
export interface ServerCertificate {
  readonly subject: string;
  readonly issuer: string;
  /** As in RFC 5280 subjectAltName: `DNS:ldap.example.com, IP Address:192.0.2.1`. */
  readonly names: string;
  readonly validTo: Date;
}

/** A bound connection. Every failure is a {@link KeystoneLdapError} that names the entry. */
export interface Session extends AsyncDisposable {
  readonly uri: string;
  /** Of the server, on a connection with TLS. */
  readonly certificate: ServerCertificate | undefined;
  /**
   * The entries found, page by page; a base that does not exist has none. Searches of more than a page must not overlap:
   * slapd remembers one page for a connection, and refuses the cookie of any other.
   */
  search(request: SearchRequest): AsyncGenerator<Entry>;
  /** One entry with the named attributes; `undefined` where there is none that this identity can see. */
  read(dn: string, attributes: readonly string[]): Promise<Entry | undefined>;
  add(entry: NewEntry): Promise<void>;
  /** With the `entryCSN` that was seen, as with `delete`: only while it is still that one, where the server can tell (RFC 4528). */
  modify(dn: string, edits: readonly Edit[], csn?: string): Promise<void>;
  delete(dn: string, csn?: string): Promise<void>;
  /**
   * Whether this identity may write the entry, without a trace: it asks to delete a value that no entry has, which a server
   * refuses either way. (slapd's No-Op control is none: on back-mdb of 2.5 an addition with it damages the database.)
   */
  mayWrite(dn: string): Promise<WriteRight>;
}

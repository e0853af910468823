import net from 'node:net';
import tls from 'node:tls';
import { LOST, type ConnectionFault } from './connection-fault.ts';
import { parseLdapUri, type LdapUri } from './ldap-uri.ts';
import { MessageCheck } from './message-check.ts';
import type { ServerCertificate, SessionOptions } from './session.ts';

/** Sends bytes; Node keeps what the server does not take at once. */
export type Writer = (bytes: Buffer) => void;

/**
 * The one socket of a session. After a lost connection the LDAP client would open another by itself and silently go
 * on as anonymous; here a second one is refused.
 */
export class ClientSocket {
  readonly #address: LdapUri;
  readonly #trust: tls.ConnectionOptions;
  readonly #signal: AbortSignal | undefined;
  #socket: net.Socket | undefined;
  #fault: ConnectionFault | undefined;

  constructor({
    uri,
    ca,
    checkCertificate = true,
    checkName = checkCertificate,
    isNamed,
    signal,
  }: Pick<SessionOptions, 'uri' | 'ca' | 'checkCertificate' | 'checkName' | 'isNamed' | 'signal'>) {
    this.#address = parseLdapUri(uri);
    this.#trust = {
      ...(ca === undefined ? {} : { ca: ca === '' ? [] : ca }),
      rejectUnauthorized: checkCertificate,
      ...this.#identityCheck(checkName, isNamed),
    };
    this.#signal = signal;
    signal?.addEventListener('abort', this.#abort, { once: true });
  }

  #identityCheck(
    checkName: boolean,
    isNamed: SessionOptions['isNamed'],
  ): Pick<tls.ConnectionOptions, 'checkServerIdentity'> {
    if (!checkName) return { checkServerIdentity: () => undefined };
    const address = this.#address;
    if (isNamed === undefined || address.scheme === 'ldapi') return {};
    const { host } = address;
    return {
      checkServerIdentity: (_, certificate) =>
        isNamed(host, certificate) ? undefined : new NotNamedError(host),
    };
  }

  /** Why this side ended the connection; the client has no words for it. */
  get fault(): ConnectionFault | undefined {
    return this.#fault;
  }

  /** Whether there was a connection that is no more, whoever ended it. */
  get isGone(): boolean {
    return this.#socket?.destroyed === true;
  }

  get certificate(): ServerCertificate | undefined {
    if (!(this.#socket instanceof tls.TLSSocket)) return undefined;
    const { subject, issuer, subjectaltname = '', valid_to: validTo } = this.#socket.getPeerCertificate();
    return {
      subject: nameText(subject),
      issuer: nameText(issuer),
      names: subjectaltname,
      validTo: new Date(validTo),
    };
  }

  /** The client refuses ldapi:// URLs, but takes the socket from here, so that any host does. */
  get clientUrl(): string {
    const address = this.#address;
    if (address.scheme === 'ldapi') return 'ldap://localhost';
    const host = net.isIPv6(address.host) ? `[${address.host}]` : address.host;
    return `${address.scheme}://${host}:${address.port}`;
  }

  /** For ldaps:// alone: the client takes any option for the wish to speak TLS from the first byte on. */
  get tlsOptions(): tls.ConnectionOptions {
    return this.#address.scheme === 'ldaps' ? this.#trust : {};
  }

  connect(): net.Socket {
    this.#refuseSecond();
    const address = this.#address;
    return this.#take(
      address.scheme === 'ldapi' ? net.connect(address.path) : net.connect(address.port, address.host),
    );
  }

  /** For ldaps:// (port, host, options) and for StartTLS (options with the open socket). */
  secure(args: readonly unknown[]): tls.TLSSocket {
    const isUpgrade = args.length === 1;
    if (!isUpgrade) this.#refuseSecond();
    this.#socket?.removeAllListeners('data');
    return this.#take(Reflect.apply(tls.connect, undefined, args) as tls.TLSSocket);
  }

  /** Without the host the certificate would be checked against "localhost". */
  startTlsOptions(): tls.ConnectionOptions {
    if (this.#address.scheme === 'ldapi') return this.#trust;
    const { host } = this.#address;
    return { ...this.#trust, host, ...(net.isIP(host) === 0 ? { servername: host } : {}) };
  }

  /**
   * Takes the connection away from the LDAP client, once it has bound: what arrives from now on goes to `onData`, and
   * an end of the connection, whoever makes it, to `onEnd`.
   */
  takeOver(onData: (chunk: Buffer) => void, onEnd: () => void): Writer {
    const socket = this.#socket;
    if (socket === undefined || socket.destroyed) throw new Error(LOST.why);
    for (const event of ['data', 'end', 'error', 'timeout']) socket.removeAllListeners(event);
    socket.setTimeout(0);
    socket
      .on('data', onData)
      .on('error', () => undefined)
      .once('close', onEnd);
    return (bytes) => void socket.write(bytes);
  }

  /** Ends the connection at once. Whoever waits for an answer fails with this fault, unless there was one before. */
  destroy(fault: ConnectionFault): void {
    this.#signal?.removeEventListener('abort', this.#abort);
    this.#fault ??= fault;
    // The client may have taken its own listener away, and an error that nobody hears ends the process.
    this.#socket?.on('error', () => undefined).destroy(new Error(fault.why));
  }

  readonly #abort = (): void => this.destroy(LOST);

  #refuseSecond(): void {
    if (this.#socket !== undefined || this.#signal?.aborted === true) throw new Error(LOST.why);
  }

  #take<T extends net.Socket>(socket: T): T {
    const check = new MessageCheck();
    socket.on('data', (chunk: Buffer) => {
      const fault = check.faultIn(chunk);
      if (fault !== undefined) this.destroy(fault);
    });
    this.#socket = socket;
    return socket;
  }
}

/** With the code that Node gives it. */
class NotNamedError extends Error {
  readonly code = 'ERR_TLS_CERT_ALTNAME_INVALID';

  constructor(host: string) {
    super(`the certificate is not for ${host}`);
  }
}

/** `CN=ldap, O=Example`. */
function nameText(name: tls.Certificate): string {
  return Object.entries(name)
    .map(([type, value]) => `${type}=${[value].flat().join('+')}`)
    .join(', ');
}

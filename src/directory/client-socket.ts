import net from 'node:net';
import tls from 'node:tls';
import { KeystoneLdapError } from '../errors.ts';
import { parseLdapUri, type LdapUri } from './ldap-uri.ts';
import type { SessionOptions } from './session.ts';

/**
 * The one socket of a session. After a lost connection the LDAP client would open another by itself and silently go
 * on as anonymous; here a second one is refused.
 */
export class ClientSocket {
  readonly tlsOptions: tls.ConnectionOptions;
  readonly #uri: string;
  readonly #address: LdapUri;
  #socket: net.Socket | undefined;

  constructor({ uri, ca, signal }: Pick<SessionOptions, 'uri' | 'ca' | 'signal'>) {
    this.#uri = uri;
    this.#address = parseLdapUri(uri);
    this.tlsOptions = ca === undefined ? {} : { ca };
    signal?.addEventListener('abort', () => this.destroy(), { once: true });
  }

  /** The client refuses ldapi:// URLs, but takes the socket from here, so that any host does. */
  get clientUrl(): string {
    const address = this.#address;
    if (address.scheme === 'ldapi') return 'ldap://localhost';
    const host = net.isIPv6(address.host) ? `[${address.host}]` : address.host;
    return `${address.scheme}://${host}:${address.port}`;
  }

  connect(): net.Socket {
    if (this.#socket !== undefined) throw this.#lost();
    const address = this.#address;
    this.#socket =
      address.scheme === 'ldapi' ? net.connect(address.path) : net.connect(address.port, address.host);
    return this.#socket;
  }

  /** For ldaps:// (port, host, options) and for StartTLS (options with the open socket). */
  secure(args: readonly unknown[]): tls.TLSSocket {
    const isUpgrade = args.length === 1;
    if (this.#socket instanceof tls.TLSSocket || (this.#socket !== undefined && !isUpgrade))
      throw this.#lost();
    const socket = Reflect.apply(tls.connect, undefined, args) as tls.TLSSocket;
    this.#socket = socket;
    return socket;
  }

  /** Without the host the certificate would be checked against "localhost". */
  startTlsOptions(): tls.ConnectionOptions {
    if (this.#address.scheme === 'ldapi') return this.tlsOptions;
    const { host } = this.#address;
    return { ...this.tlsOptions, host, ...(net.isIP(host) === 0 ? { servername: host } : {}) };
  }

  /** Hands every received chunk to `listener` too, until the returned function is called. */
  listen(listener: (chunk: Buffer) => void): () => void {
    const socket = this.#socket;
    socket?.on('data', listener);
    return () => void socket?.off('data', listener);
  }

  destroy(): void {
    this.#socket?.destroy();
  }

  #lost(): KeystoneLdapError {
    return new KeystoneLdapError('CONNECT_FAILED', `The server at ${this.#uri} closed the connection.`, {
      hint: 'Run the command again: it goes on where it stopped.',
    });
  }
}

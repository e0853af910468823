import { connect, type NetConnectOpts } from 'node:net';

/** The longest that oslo.cache waits by default. */
const PATIENCE_MS = 3000;
const USUAL_PORT = 11211;

/**
 * Why a memcached is of no use from here ("it …"); `undefined` where it is. `isPlain` is one that speaks without TLS
 * or SASL; of another only the connection is tried.
 */
export function memcachedFault(server: string, isPlain: boolean): Promise<string | undefined> {
  const address = addressOf(server);
  if (address === undefined) return Promise.resolve('its address is none that Keystone reads');
  return new Promise((resolve) => {
    const socket = connect(address);
    const end = (fault?: string): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(fault);
    };
    const timer = setTimeout(
      () => end(`it does not answer within ${PATIENCE_MS / 1000} seconds`),
      PATIENCE_MS,
    );
    socket.on('connect', () => (isPlain ? void socket.write('version\r\n') : end()));
    socket.on('data', (answer) => end(/^VERSION /.test(answer.toString('latin1')) ? undefined : FOREIGN));
    socket.on('end', () => end(FOREIGN));
    socket.on('error', ({ message }) => end(`it cannot be reached (${message})`));
  });
}

const FOREIGN = 'something answers there that is no memcached';

/** `HOST[:PORT]` (IPv4 to python-memcached), `inet6:[ADDRESS][:PORT]`, `unix:PATH`. */
function addressOf(server: string): NetConnectOpts | undefined {
  const path = /^unix:(.+)$/.exec(server)?.[1];
  if (path !== undefined) return { path };
  const match = /^(?:(?:inet6:)?\[([^[\]]+)\]|(?:inet:)?([^:]+))(?::(\d{1,5}))?$/.exec(server);
  const [, six, host = six, digits = USUAL_PORT] = match ?? [];
  const port = Number(digits);
  return host === undefined || port > 65535 ? undefined : { host, port, family: six === undefined ? 4 : 6 };
}

import { createServer } from 'node:net';

/**
 * A TCP port of 127.0.0.1 that is free now. slapd itself takes port 0 for 389, so it must be told one,
 * and whoever uses this must be ready to find the port taken meanwhile.
 */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : 0));
    });
  });
}

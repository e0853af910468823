/**
 * A process that owns a sandbox, to be ended in every way: starts one, prints `{ "dir": …, "pid": … }` of it, and
 * then lives until its standard input ends, when it leaves by `process.exit` without a word to the sandbox.
 */
import { fileURLToPath, URL } from 'node:url';
import { createViteServer } from 'vitest/node';

const root = fileURLToPath(new URL('../..', import.meta.url));
const vite = await createViteServer({
  root,
  configFile: false,
  logLevel: 'error',
  server: { middlewareMode: true, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
});
const { startSandbox } = await vite.ssrLoadModule('/src/sandbox/start-sandbox.ts');
const { dir, pid } = await startSandbox();
process.stdout.write(`${JSON.stringify({ dir, pid })}\n`);
process.stdin.once('end', () => process.exit(0));
process.stdin.resume();

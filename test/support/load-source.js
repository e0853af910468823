/** Loads a module of `src` in a plain Node process, which cannot read TypeScript by itself. */
import { fileURLToPath, URL } from 'node:url';
import { createViteServer } from 'vitest/node';

export async function loadSource(path) {
  return (await server).ssrLoadModule(path);
}

/** One for all, so that a class is the same whoever loads it. */
const server = createViteServer({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  configFile: false,
  logLevel: 'error',
  server: { middlewareMode: true, ws: false, watch: null },
  // Node 20 has no `using`.
  oxc: { target: 'es2023' },
  optimizeDeps: { noDiscovery: true },
});

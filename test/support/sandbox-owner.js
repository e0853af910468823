/**
 * A process that owns a sandbox, to be ended in every way: starts one, prints `{ "dir": …, "pid": … }` of it, and
 * then lives until its standard input ends, when it leaves by `process.exit` without a word to the sandbox.
 */
import { loadSource } from './load-source.js';

const { startSandbox } = await loadSource('/src/sandbox/start-sandbox.ts');
const { dir, pid } = await startSandbox();
process.stdout.write(`${JSON.stringify({ dir, pid })}\n`);
process.stdin.once('end', () => process.exit(0));
process.stdin.resume();

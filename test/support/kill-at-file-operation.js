/**
 * Preloaded into a command (`node --import`), it kills the process at the n-th operation that changes the file system:
 * `KILL_AT=3 KILL_MOMENT=before`. In the `middle` of a write half of the bytes are written.
 */
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const { KILL_AT, KILL_MOMENT } = process.env;
let operations = 0;

async function at(operation, half = operation) {
  operations += 1;
  if (operations !== Number(KILL_AT)) return await operation();
  if (KILL_MOMENT === 'middle') await half();
  if (KILL_MOMENT === 'after') await operation();
  process.kill(process.pid, 'SIGKILL');
  return await new Promise(() => undefined);
}

for (const name of [
  'rename',
  'rm',
  'unlink',
  'mkdir',
  'chmod',
  'chown',
  'writeFile',
  'cp',
  'copyFile',
  'link',
]) {
  const original = fs[name];
  fs[name] = (...args) => at(() => original(...args));
}
const { open } = fs;
fs.open = async (path, flags = 'r', ...rest) => {
  const file = flags === 'r' ? await open(path, flags, ...rest) : await at(() => open(path, flags, ...rest));
  if (flags === 'r') return file;
  for (const name of ['sync', 'datasync', 'chmod', 'chown', 'truncate', 'utimes']) {
    const original = file[name].bind(file);
    file[name] = (...args) => at(() => original(...args));
  }
  for (const name of ['writeFile', 'appendFile', 'write']) {
    const original = file[name].bind(file);
    file[name] = (bytes, ...args) =>
      at(
        () => original(bytes, ...args),
        () => original(bytes.slice(0, bytes.length / 2), ...args),
      );
  }
  return file;
};
syncBuiltinESMExports();

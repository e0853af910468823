/**
 * Preloaded into a command (`node --import`), it kills the process at the n-th operation that changes the file system:
 * `KILL_AT=3 KILL_MOMENT=before`. In the `middle` of a write, half of the bytes are written. With `KILL_LOG=FILE` and no
 * `KILL_AT`, it lists the operations there.
 */
import childProcess from 'node:child_process';
import { appendFileSync, constants } from 'node:fs';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const { KILL_AT, KILL_MOMENT, KILL_LOG } = process.env;
let operations = 0;

/** Whether the next operation is the one to be killed at. */
function isNext(name) {
  operations += 1;
  if (KILL_LOG !== undefined) appendFileSync(KILL_LOG, `${name}\n`);
  return operations === Number(KILL_AT);
}

async function at(name, operation, half = operation) {
  if (!isNext(name)) return await operation();
  if (KILL_MOMENT === 'middle') await half();
  if (KILL_MOMENT === 'after') await operation();
  return await die();
}

function die() {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
}

for (const name of [
  'rename',
  'rm',
  'rmdir',
  'unlink',
  'mkdir',
  'chmod',
  'chown',
  'writeFile',
  'cp',
  'copyFile',
  'link',
  'symlink',
]) {
  const original = fs[name];
  fs[name] = (...args) => at(name, () => original(...args));
}
/** Of other files, only the contents can be changed, and ours are never: they are replaced. */
function creates(flags) {
  return typeof flags === 'number' ? (flags & constants.O_CREAT) !== 0 : /[wa]/.test(flags);
}
const { open } = fs;
fs.open = async (path, flags = 'r', ...rest) => {
  if (!creates(flags)) return await open(path, flags, ...rest);
  const file = await at('open', () => open(path, flags, ...rest));
  for (const name of ['sync', 'datasync', 'chmod', 'chown', 'truncate', 'utimes']) {
    const original = file[name].bind(file);
    file[name] = (...args) => at(name, () => original(...args));
  }
  for (const name of ['writeFile', 'appendFile', 'write']) {
    const original = file[name].bind(file);
    file[name] = (bytes, ...args) =>
      at(
        `${name} of a file`,
        () => original(bytes, ...args),
        () => original(bytes.slice(0, bytes.length / 2), ...args),
      );
  }
  return file;
};

/** Owner, mode and ACL are set by programs; questions to them (`cp --version`, `getfacl`) change nothing. */
const { execFile } = childProcess;
childProcess.execFile = (program, args, options, done) => {
  const changes = args.includes('--attributes-only') || program === 'setfacl';
  if (!changes || !isNext(program)) return execFile(program, args, options, done);
  if (KILL_MOMENT !== 'after') return die();
  return execFile(program, args, options, die);
};
syncBuiltinESMExports();

/** The command line tool as a process of its own, from `src`: what bin/keystone-ldap.js is to `dist`. */
import { loadSource } from './load-source.js';

const { main } = await loadSource('/src/cli/main.ts');
const { processIo } = await loadSource('/src/cli/terminal/process-io.ts');
// The server that loads the source would keep the process alive.
process.exit(await main(process.argv.slice(2), processIo()));

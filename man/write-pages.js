/**
 * Writes the manual beside itself from the commands of the built package, as part of `npm run build`, and the names of
 * its pages into package.json, where npm looks for what to link (it knows no patterns there).
 */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandFacts } from '../dist/cli/completion/command-facts.js';
import { buildProgram } from '../dist/cli/main.js';
import { manualPages } from '../dist/cli/manual/manual-pages.js';
import { processIo } from '../dist/cli/terminal/process-io.js';

const program = await buildProgram(processIo(), () => undefined);
const stamp = { version: program.version(), date: new Date().toISOString().slice(0, 10) };
const folder = dirname(fileURLToPath(import.meta.url));
const pages = manualPages(commandFacts(program), stamp);
// A page of a command that is gone would be shipped.
for (const file of await readdir(folder)) if (file.endsWith('.1')) await rm(join(folder, file));
for (const { file, text } of pages) await writeFile(join(folder, file), text);

const packageFile = join(folder, '../package.json');
const before = await readFile(packageFile, 'utf8');
const facts = { ...JSON.parse(before), man: pages.map(({ file }) => `./man/${file}`) };
const after = `${JSON.stringify(facts, undefined, 2)}\n`;
if (after !== before) await writeFile(packageFile, after);

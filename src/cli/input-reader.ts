import { text } from 'node:stream/consumers';
import { readText } from '../files.ts';
import type { Io } from './io.ts';

/** Reads files, "-" being standard input, which can be read once only. */
export function inputReader({ stdin }: Pick<Io, 'stdin'>): (path: string) => Promise<string> {
  let input: Promise<string> | undefined;
  return (path) => (path === '-' ? (input ??= text(stdin)) : readText(path));
}

import { expect, test } from 'vitest';
import { allCommands, commandFacts } from '../../src/cli/completion/command-facts.ts';
import { examplesIn } from '../../src/cli/flags/examples.ts';
import { buildProgram } from '../../src/cli/main.ts';
import { parseFault } from '../support/parse-fault.ts';
import { commandLines } from '../support/shell-words.ts';
import { testIo } from '../support/test-io.ts';

const program = (): ReturnType<typeof buildProgram> => buildProgram(testIo().io, () => undefined);
const COMMANDS = allCommands(commandFacts(await program())).filter(({ path }) => path[0] !== 'help');

test.each(COMMANDS.map((command) => [['keystone-ldap', ...command.path].join(' '), command] as const))(
  'the examples of %s show it, in command lines that the program takes',
  async (typed, { path, epilogue }) => {
    const examples = examplesIn(epilogue);
    expect(examples.length).toBeGreaterThan(0);
    const own: (readonly string[])[] = [];
    for (const { purpose, lines } of examples) {
      expect(purpose).toMatch(/^[A-Za-z].*[:?]$/);
      const found = commandLines(lines);
      expect(found.length, lines.join()).toBeGreaterThan(0);
      for (const words of found) expect(parseFault(await program(), words), words.join(' ')).toBeUndefined();
      own.push(...found.filter((words) => path.every((name, at) => words[at] === name)));
    }
    expect(own, `no example is one of ${typed}`).not.toEqual([]);
  },
);

test.each([
  [['ini'], 'too many: ini'],
  [['init', '--relese', 'x'], 'unknown: --relese x'],
  [['seed', '--sample', 'x'], 'Allowed choices'],
  [['init', 'x'], 'too many: x'],
  [['schema', 'show'], 'an operand is missing'],
  [['completion', 'csh'], 'csh is none of bash,zsh,fish'],
])('%j would be noticed', async (words, fault) => {
  expect(parseFault(await program(), words)).toContain(fault);
});

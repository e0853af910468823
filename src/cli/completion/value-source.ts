import { RELEASES } from '../../releases/find-release.ts';
import { SCHEMA_REVISIONS } from '../../schema/shipped-schema.ts';

/** What a shell may offer for a value; nothing of these where only the user knows. */
export interface Values {
  readonly choices: readonly string[];
  readonly files: boolean;
  readonly folders: boolean;
}

/**
 * What may stand for a placeholder: its choices, else what its words mean. `<file>` and `<path>` are files, `<dir>` is a
 * folder, `<release>` and `<revision>` are names; `<revision|file>` is either.
 */
export function valuesOf(placeholder: string | undefined, choices: readonly string[] | undefined): Values {
  const words: readonly string[] = placeholder?.match(/[a-z-]+/g) ?? [];
  return {
    choices: choices ?? words.flatMap((word) => NAMES[word]?.() ?? []),
    files: words.some((word) => word === 'file' || word === 'path'),
    folders: words.includes('dir'),
  };
}

const NAMES: Readonly<Record<string, () => readonly string[]>> = {
  release: () =>
    RELEASES.flatMap(({ name, aliases }) => [name, ...aliases.filter((alias) => /^[a-z]/.test(alias))]),
  revision: () => SCHEMA_REVISIONS.map(({ name }) => name),
};

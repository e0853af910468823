import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a sandbox that outlives its owner keeps in its folder for who comes later. */
export interface SandboxCard {
  readonly release: string | undefined;
  readonly seeded: boolean;
  /** The variables that lead to it, its passwords among them. */
  readonly environment: Readonly<Record<string, string>>;
}

/** From then on the sandbox lives as long as its slapd, whoever started it. */
export async function writeCard(dir: string, card: SandboxCard): Promise<void> {
  await writeFile(cardIn(dir), JSON.stringify(card), { mode: 0o600 });
}

/** `undefined` for a sandbox that ends with its owner; an unreadable card still is one. */
export async function readCard(dir: string): Promise<SandboxCard | undefined> {
  const text = await readFile(cardIn(dir), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const card: unknown = JSON.parse(text);
    if (isCard(card)) return card;
  } catch {
    // As a card of something else.
  }
  return { release: undefined, seeded: false, environment: {} };
}

function isCard(value: unknown): value is SandboxCard {
  if (typeof value !== 'object' || value === null || !('environment' in value)) return false;
  const { environment } = value;
  return (
    typeof environment === 'object' &&
    environment !== null &&
    Object.values(environment).every((text) => typeof text === 'string')
  );
}

function cardIn(dir: string): string {
  return join(dir, 'detached.json');
}

import { Secret } from '../secret.ts';

/** A setting of the file that stays, although nobody gave the value that differs from it. */
export interface KeptSetting {
  readonly section: string;
  readonly option: string;
  /** What the file says; `undefined` if it deliberately says nothing, as for an anonymous bind. */
  readonly value: string | Secret | undefined;
  /** What it would be without the file. */
  readonly other: string | Secret;
  /** Where that comes from, e.g. an environment variable. */
  readonly origin: string;
}

/**
 * Settings that nobody gave, by the name of their option, with where their value comes from: an environment variable,
 * the server, the default. Such a value only fills a gap of the file.
 */
export type Assumed = Readonly<Record<string, string>>;

export const DEFAULT_ORIGIN = 'the default';

export function keptText({ section, option, value, other, origin }: KeptSetting): string {
  const stays = value === undefined ? 'stays unset' : `stays ${shown(value)}`;
  return other instanceof Secret
    ? `[${section}] ${option} ${stays}; ${origin} has another one.`
    : `[${section}] ${option} ${stays}; ${origin} is ${shown(other)}.`;
}

function shown(value: string | Secret): string {
  if (value instanceof Secret) return 'as it is';
  return value === '' ? 'empty' : value;
}

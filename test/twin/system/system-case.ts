import type { TwinEntry } from '../twin-case.ts';

type Sections = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** One directory and all files of a Keystone, to be asked the same over HTTP and by this tool. */
export interface SystemCase {
  readonly entries: readonly TwinEntry[];
  /** keystone.conf. In values `@NAME@` stands for what the servers of the test are reached by. */
  readonly main: Sections;
  /** `keystone.NAME.conf` of each domain. */
  readonly domains: Readonly<Record<string, Sections>>;
  /** In this order, since the first connection decides for all. */
  readonly questions: readonly Question[];
}

export type Question =
  | { readonly kind: 'users' | 'groups'; readonly domain: DomainName }
  | { readonly kind: 'login'; readonly domain: DomainName; readonly name: string; readonly password: string };

/** The domains that exist; those without a file have the default driver. */
export const DOMAIN_IDS = {
  Default: 'default',
  Own: 'b'.repeat(32),
  Other: 'c'.repeat(32),
} as const;

export type DomainName = keyof typeof DOMAIN_IDS;

/** What the `@NAME@` stand for. */
export type Places = Readonly<Record<string, string>>;

export function confText(sections: Sections, places: Places): string {
  const filled = (value: string): string =>
    value.replaceAll(/@([A-Z_]+)@/g, (whole, name: string) => places[name] ?? whole);
  return Object.entries(sections)
    .map(
      ([section, options]) =>
        `[${section}]\n${Object.entries(options)
          .map(([name, value]) => `${name} = ${filled(value)}\n`)
          .join('')}`,
    )
    .join('');
}

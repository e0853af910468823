import type { TwinCase } from './twin-case.ts';

/** A kind of difference that stays for now: such cases are not drawn. */
interface KnownDifference {
  readonly why: string;
  readonly applies: (options: TwinCase['options']) => boolean;
}

const NUMBERS =
  /^(?:page_size|connection_timeout|debug_level|user_enabled_mask|pool_.*|auth_pool_(?:size|connection_lifetime))$/;

const isOdd = (value: string | undefined): boolean =>
  value !== undefined && !/^(?:true|false|on|off|yes|no|0|1)$/i.test(value);

const KNOWN: readonly KnownDifference[] = [
  {
    why: 'Keystone reads group_members_are_ids only when it is asked for members; here the file is refused at once.',
    applies: ({ group_members_are_ids: value }) => isOdd(value),
  },
  {
    why: 'randomize_urls came with 22.0.2; here "zed" is the series, which begins without it.',
    applies: ({ randomize_urls: value }) => isOdd(value),
  },
  {
    why: 'An empty number is None to oslo.config, with which parts of Keystone fail (TypeError) and others do not.',
    applies: (options) => Object.entries(options).some(([name, value]) => value === '' && NUMBERS.test(name)),
  },
  {
    why: "Until 29.0.0 invert or a mask counts also where enabled is ignored; Debian's 22 has the fix of 29.0.0.",
    applies: ({
      user_attribute_ignore: ignored = '',
      user_enabled_invert: invert,
      user_enabled_mask: mask,
    }) => ignored.split(',').some((name) => name.trim() === 'enabled') && (invert ?? mask) !== undefined,
  },
];

export function isKnown({ options }: TwinCase): boolean {
  return KNOWN.some(({ applies }) => applies(options));
}

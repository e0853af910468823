import type { ConfParser } from '../../releases/conf-parser.ts';
import type { ConfStyle } from '../../releases/release.ts';
import { BLANK } from './conf-line.ts';

/** What a parser decides where the INI format leaves a choice. */
export interface ConfDialect {
  /** A line that is a comment as a whole. */
  readonly comment: RegExp;
  /** A section header; group 1 is the name, in which case always matters. */
  readonly header: RegExp;
  /** An option up to its value; group 1 is the name, with the blanks after it. */
  readonly option: RegExp;
  /** Option names that differ only in case are one. */
  readonly foldsOptionNames: boolean;
  /** Blank lines and comments between an option and its indented lines do not end the value. */
  readonly continuesAcrossGaps: boolean;
  /** On an option line, a first `;` after a blank starts a comment. */
  readonly inlineComments: boolean;
  /** The quotes around a value that are not part of it: those of `""`, or any pair. */
  readonly dropsQuotes: 'of the empty value' | 'in pairs';
  /** What `[DEFAULT]` sets counts in every section that does not set it. */
  readonly inheritsDefaults: boolean;
}

/** Python 2.7's ConfigParser, which reads the keystone.conf of 2011. */
export const PYTHON_2: ConfDialect = {
  comment: new RegExp(`^(?:[#;]|rem(?=${BLANK}|$))`, 'i'),
  header: /^\[([^\]]+)\]/,
  option: new RegExp(`^((?!${BLANK})[^:=]+)[:=]${BLANK}*`),
  foldsOptionNames: true,
  continuesAcrossGaps: true,
  inlineComments: true,
  dropsQuotes: 'of the empty value',
  inheritsDefaults: false,
};

/** The same parser in Essex, whose options are looked up in the sections themselves. */
const ESSEX: ConfDialect = { ...PYTHON_2, inheritsDefaults: true };

/** oslo.config, which reads keystone.conf from Folsom on. */
export const OSLO_CONFIG: ConfDialect = {
  comment: /^[#;]/,
  header: new RegExp(`^\\[(.+)\\]${BLANK}*$`),
  option: new RegExp(`^((?!\\[|${BLANK})[^:=]+)[:=]${BLANK}*`),
  foldsOptionNames: false,
  continuesAcrossGaps: false,
  inlineComments: false,
  dropsQuotes: 'in pairs',
  inheritsDefaults: false,
};

const DIALECTS: Readonly<Record<ConfParser, ConfDialect>> = { ConfigParser: ESSEX, iniparser: OSLO_CONFIG };

export function dialectOf(style: ConfStyle): ConfDialect {
  return style.kind === 'oslo' ? dialectOfParser(style.parser) : PYTHON_2;
}

export function dialectOfParser(parser: ConfParser): ConfDialect {
  return DIALECTS[parser];
}

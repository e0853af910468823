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
};

/** oslo.config, which reads keystone.conf from 2012 on. */
export const OSLO_CONFIG: ConfDialect = {
  comment: /^[#;]/,
  header: new RegExp(`^\\[(.+)\\]${BLANK}*$`),
  option: new RegExp(`^((?!\\[|${BLANK})[^:=]+)[:=]${BLANK}*`),
  foldsOptionNames: false,
  continuesAcrossGaps: false,
  inlineComments: false,
  dropsQuotes: 'in pairs',
};

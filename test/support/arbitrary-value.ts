import fc from 'fast-check';

/** Values made of what a reader of keystone.conf might take for its own: `$`, quotes, blanks, separators, comments. */
export const arbitraryValue = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '$',
        '$$',
        '\\',
        '"',
        "'",
        ' ',
        '\t',
        '\u00a0',
        '\u2003',
        '\u0085',
        '#',
        ';',
        '=',
        ':',
        ',',
      ),
      fc.constantFrom('user', '{', '}', '(', '%(x)s', '[', ']', 'é', '日本', '😀', '\u001c', '0'),
      fc.string({ unit: 'grapheme', maxLength: 3 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

/** Text that troff shows as it is: hyphens that can be copied, and no escapes (groff_man(7)). */
export function roffText(text: string): string {
  return text.replace(/[\\`'^~-]/g, (sign) => ESCAPES[sign] ?? sign);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '-': '\\-',
  '`': '\\(ga',
  "'": '\\(aq',
  '^': '\\(ha',
  '~': '\\(ti',
};

/** The same for a line of its own, which a dot at its start would make a request. */
export function roffLine(text: string): string {
  return roffText(text).replace(/^[.]/, '\\&.');
}

/** The same for running text, which is filled anew; no line of the source is longer than 80 characters. */
export function roffParagraph(text: string): string {
  const lines = text.match(/\S(?:.{0,58}\S)?(?=\s|$)|\S+/g) ?? [];
  return lines.map(roffLine).join('\n');
}

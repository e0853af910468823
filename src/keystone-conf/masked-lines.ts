import { decodeText } from './conf-line.ts';
import type { ConfDocument } from './document.ts';

const MASK = '***';

/** The document's lines for people: without line ends, every password as `***`. */
export function maskedLines(doc: ConfDocument): readonly string[] {
  const continued = new Set(
    doc.sections
      .flatMap(({ options }) => options)
      .filter(({ name }) => isPassword(name))
      .flatMap(({ continuations }) => continuations),
  );
  return doc.lines.map(({ text }, at) => {
    const line = decodeText(text);
    return continued.has(at) ? line.replace(/\S.*/su, MASK) : maskUrls(maskOption(line));
  });
}

/** An option, also a commented-out one: group 1 up to the value, group 2 the name, group 3 the value. */
const OPTION = /^([#;\s]*([^\s:=#;[][^:=]*?)\s*[:=]\s*)(\S.*)$/su;

function maskOption(line: string): string {
  const [, lead = '', name = ''] = OPTION.exec(line) ?? [];
  return isPassword(name) ? lead + MASK : line;
}

/** Whether the value of an option of this name is shown to nobody. */
export function isPassword(option: string): boolean {
  return /passw(?:or)?d|secret|admin[-_]token/i.test(option) && !/^hash[-_]password$/i.test(option);
}

/** `scheme://user:password@host`, up to the last `@`: a password may hold `@` and `/`. */
function maskUrls(line: string): string {
  return line
    .replace(/(:\/\/[^\s:/@]*:)\S*@/gu, `$1${MASK}@`)
    .replace(/([?&][\w-]*passw(?:or)?d=)[^\s&]+/giu, `$1${MASK}`);
}

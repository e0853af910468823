import { decodeText } from './conf-line.ts';
import type { ConfDocument } from './document.ts';

const MASK = '***';

/** The document's lines for people: without line ends, every password as `***`. */
export function maskedLines(doc: ConfDocument): readonly string[] {
  const options = doc.sections.flatMap((section) =>
    section.options.map((option) => ({ section: section.name, ...option })),
  );
  const continued = new Set(
    options.filter(({ name }) => isPassword(name)).flatMap(({ continuations }) => continuations),
  );
  const methods = new Set(
    options.filter(({ section, name }) => section === 'auth' && name === 'password').map(({ line }) => line),
  );
  return doc.lines.map(({ text }, at) => {
    const line = decodeText(text);
    if (continued.has(at)) return line.replace(/\S.*/su, MASK);
    return maskUrls(methods.has(at) && PLUGIN.test(line) ? line : maskOption(line));
  });
}

/** `[auth] password` is what authenticates by password, which an upgrade renames: a class path or an entry point. */
const PLUGIN = /[:=]\s*(?:\w+(?:\.\w+){2,}|default)\s*$/u;

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

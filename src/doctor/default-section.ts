import type { ConfDocument } from '../keystone-conf/document/document.ts';
import { optionValue } from '../keystone-conf/document/option-value.ts';
import { readOsloValue } from '../keystone-conf/modern/oslo-value.ts';
import { isSince, type ReleaseName } from '../releases/catalogue.ts';
import { LINKS_READ_ALL, SHARED_OPTIONS, type SharedOption } from '../releases/default-section-options.ts';
import type { OptionValue } from '../releases/option-history.ts';
import type { Finding } from './finding.ts';
import { optionSubject } from './option-place.ts';

/** What a file sets that Keystone cannot read, and where that makes it fail. */
export interface OptionFault {
  readonly fault: string;
  readonly setBy: string;
  readonly option: string;
}

export function unreadableOption({ setBy, fault }: OptionFault, effect: string): Finding {
  return {
    ...{ code: 'CONF_UNREADABLE_VALUE', severity: 'error', subject: setBy },
    message: `${fault}; ${effect}`,
    remedy: 'Decide what it is to be, and correct it; without the option its default counts.',
  };
}

/** Why nothing works, whatever is asked. */
export function serviceFault(main: ConfDocument, release: ReleaseName): Finding | undefined {
  const atStart = firstFault(main, release, 'at the start');
  if (atStart !== undefined) return unreadableOption(atStart, 'Keystone does not start');
  const inAnswers = firstFault(main, release, 'in every answer');
  if (inAnswers !== undefined) return unreadableOption(inAnswers, EVERY_REQUEST);
  const inLinks = linksReadAll(main, release) ? firstFault(main, release, 'with all') : undefined;
  return inLinks && unreadableOption(inLinks, `with public_endpoint set, ${EVERY_REQUEST}`);
}

const EVERY_REQUEST = 'every request ends in HTTP 500';

/** Why every login to a project fails, which reads all of `[DEFAULT]` of the main file for the catalogue. */
export function projectLoginFault(main: ConfDocument, release: ReleaseName): OptionFault | undefined {
  return firstFault(main, release, 'with all');
}

function linksReadAll(main: ConfDocument, release: ReleaseName): boolean {
  const { since, until } = LINKS_READ_ALL;
  const isSet = (optionValue(main, 'DEFAULT', 'public_endpoint') ?? '').trim() !== '';
  return isSet && isSince(release, since) && !isSince(release, until);
}

function firstFault(
  main: ConfDocument,
  release: ReleaseName,
  read: SharedOption['read'],
): OptionFault | undefined {
  for (const option of SHARED_OPTIONS) {
    const { since, until } = option;
    if (option.read !== read || !isSince(release, since)) continue;
    if (until !== undefined && isSince(release, until)) continue;
    const fault = faultOf(main, option);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function faultOf(doc: ConfDocument, option: SharedOption): OptionFault | undefined {
  const { section, name, kind, formerly } = option;
  const places = [[section, name] as const, ...formerly.map((former) => ['DEFAULT', former] as const)];
  const type = kind === 'boolean' || kind === 'integer' ? kind : kind === 'port' ? 'integer' : 'string';
  for (const place of places) {
    const reading = readOption(doc, place, type);
    if (reading === undefined) continue;
    const fault = 'fault' in reading ? reading.fault : faultOfValue(reading.value, option);
    return fault === undefined ? undefined : { setBy: optionSubject(doc, ...place), fault, option: name };
  }
  return undefined;
}

function faultOfValue(value: OptionValue, { kind, choices = [] }: SharedOption): string | undefined {
  const isRead = READS[kind];
  if (value === undefined || typeof value === 'object') return undefined;
  if (isRead?.(String(value), choices) !== false) return undefined;
  return EXPECTED[kind] ?? `it is not one of ${choices.join(', ')}`;
}

type Kinds<T> = Readonly<Partial<Record<SharedOption['kind'], T>>>;

const READS: Kinds<(text: string, choices: readonly string[]) => boolean> = {
  URI: (text) => /^[a-z][a-z0-9+.-]*:\/\/[^/?#]+/i.test(text),
  port: (text) => Number(text) >= 0 && Number(text) <= 65_535,
  'host address': (text) => isHostAddress(text),
  'log levels': (text) =>
    text.split(',').every((pair) => LOG_LEVELS.test(pair.trim().replace(/^[^=]*=?/, ''))),
  word: (text, choices) => choices.includes(text),
  'word in any case': (text, choices) =>
    choices.some((choice) => choice.toLowerCase() === text.toLowerCase()),
};

/** What Python's logging knows by a name, and what oslo.log adds. */
const LOG_LEVELS = /^(?:CRITICAL|FATAL|ERROR|WARN|WARNING|INFO|DEBUG|NOTSET|TRACE|AUDIT|\s*[+-]?\d+\s*)$/;

const EXPECTED: Kinds<string> = {
  URI: 'it is not a URI with a scheme and a host',
  port: 'it is not a port from 0 to 65535',
  'log levels': 'it is not a list of NAME=LEVEL, such as amqp=WARN',
  'host address': 'it is not the name or the address of a host',
};

/** As oslo.config takes it: an IP address, or a name by RFC 1912 whose last part is not a number. */
function isHostAddress(text: string): boolean {
  if (/^\d+(?:\.\d+){3}$/.test(text)) return text.split('.').every((part) => Number(part) <= 255);
  if (text.includes(':')) return URL.canParse(`http://[${text}]`);
  const labels = text.replace(/\.$/, '').split('.');
  return (
    text.length <= 253 &&
    labels.every((label) => /^(?!-)[a-z0-9-]{1,63}(?<!-)$/i.test(label)) &&
    /[a-z-]/i.test(labels.at(-1) ?? '')
  );
}

/** Nothing where it is not set, or where the file cannot be read. */
export function readOption(
  doc: ConfDocument,
  [section, name]: readonly [section: string, name: string],
  type: 'integer' | 'boolean' | 'string',
): ReturnType<typeof readOsloValue> | undefined {
  const written = doc.problems.length > 0 ? undefined : optionValue(doc, section, name);
  if (written === undefined) return undefined;
  return readOsloValue(written, type, undefined, (other) => optionValue(doc, section, other));
}

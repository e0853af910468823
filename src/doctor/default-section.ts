import type { ConfDocument } from '../keystone-conf/document.ts';
import { optionValue } from '../keystone-conf/option-value.ts';
import { readOsloValue } from '../keystone-conf/oslo-value.ts';
import { isSince, type ReleaseName } from '../releases/catalogue.ts';
import type { Finding } from './finding.ts';
import { optionSubject } from './option-place.ts';

/** What a file sets that Keystone cannot read, and where that makes it fail. */
export interface OptionFault {
  readonly fault: string;
  readonly setBy: string;
  readonly option: string;
}

export function unreadableOption({ setBy, fault }: OptionFault, what: string): Finding {
  return {
    ...{ code: 'CONF_UNREADABLE_VALUE', severity: 'error', subject: setBy },
    message: `${fault}; ${what} ends in HTTP 500`,
    remedy: 'Decide what it is to be, and correct it; without the option its default counts.',
  };
}

type Kind = 'integer' | 'boolean' | 'URI' | 'notification format';

/** Options of `[DEFAULT]` that are more than text, with the first release that has them, and the first that has not. */
const TYPED: readonly (readonly [name: string, kind: Kind, since: ReleaseName, until?: ReleaseName])[] = [
  ['list_limit', 'integer', '2014.1'],
  ['max_token_size', 'integer', '2013.1'],
  ['max_param_size', 'integer', '2013.1'],
  ['compute_port', 'integer', '2013.1', 'liberty'],
  ['public_port', 'integer', '2013.1', '2015.1'],
  ['admin_port', 'integer', '2013.1', '2015.1'],
  ['max_request_body_size', 'integer', '2013.1', '2015.1'],
  ['tcp_keepalive', 'boolean', '2014.1', '2015.1'],
  ['tcp_keepidle', 'integer', '2014.1', '2015.1'],
  ['crypt_strength', 'integer', '2014.1', 'stein'],
  ['public_workers', 'integer', '2014.2', '2015.1'],
  ['admin_workers', 'integer', '2014.2', '2015.1'],
  ['domain_id_immutable', 'boolean', '2015.1', 'ocata'],
  ['max_project_tree_depth', 'integer', '2015.1'],
  ['strict_password_check', 'boolean', '2015.1'],
  ['insecure_debug', 'boolean', 'newton'],
  ['notification_format', 'notification format', 'newton'],
  ['public_endpoint', 'URI', 'ocata'],
  ['admin_endpoint', 'URI', 'ocata', 'train'],
  ['max_db_limit', 'integer', '2025.1'],
];

/** What other requests need: the first is read at the start, the other for the links in every answer. */
const NEEDED = new Set(['insecure_debug', 'public_endpoint']);

/** Why every request fails, whatever is asked. */
export function serviceFault(main: ConfDocument, release: ReleaseName): OptionFault | undefined {
  return defaultFault(main, release, (name) => NEEDED.has(name));
}

/** Why every login to a project fails, which reads all of `[DEFAULT]` of the main file for the catalogue. */
export function projectLoginFault(main: ConfDocument, release: ReleaseName): OptionFault | undefined {
  return defaultFault(main, release, (name) => !NEEDED.has(name));
}

function defaultFault(
  main: ConfDocument,
  release: ReleaseName,
  counts: (name: string) => boolean,
): OptionFault | undefined {
  for (const [name, kind, since, until] of TYPED) {
    if (!counts(name) || !isSince(release, since) || (until !== undefined && isSince(release, until)))
      continue;
    const fault = faultOf(main, name, kind);
    if (fault !== undefined) return { setBy: optionSubject(main, 'DEFAULT', name), fault, option: name };
  }
  return undefined;
}

function faultOf(doc: ConfDocument, name: string, kind: Kind): string | undefined {
  const reading = readOption(
    doc,
    ['DEFAULT', name],
    kind === 'integer' || kind === 'boolean' ? kind : 'string',
  );
  if (reading === undefined) return undefined;
  if ('fault' in reading) return reading.fault;
  const { value } = reading;
  if (kind === 'URI' && !/^[a-z][a-z0-9+.-]*:\/\/[^/?#]+/i.test(String(value)))
    return 'it is not a URI with a scheme and a host';
  if (kind === 'notification format' && value !== 'basic' && value !== 'cadf')
    return 'it is not one of basic, cadf';
  return undefined;
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

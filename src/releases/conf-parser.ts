import { isSince, type ReleaseName } from './catalogue.ts';

/** What reads keystone.conf: Python 2's ConfigParser, or the parser that became oslo.config's. */
export type ConfParser = 'ConfigParser' | 'iniparser';

export function confParser(release: ReleaseName): ConfParser {
  return isSince(release, '2012.2') ? 'iniparser' : 'ConfigParser';
}

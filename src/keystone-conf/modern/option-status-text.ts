import type { ReleaseName } from '../../releases/catalogue.ts';
import type { OptionStatus } from '../../releases/ldap-options.ts';

/** What a release makes of an option, to follow its name in a sentence. */
export function optionStatusText(status: OptionStatus, release: ReleaseName): string {
  switch (status.status) {
    case 'known':
      return status.deprecated ? `is deprecated in ${release}` : `is an option of ${release}`;
    case 'alias':
      return `is called ${status.to} in ${release}; the old name is still read`;
    case 'backported':
      return `is read only from ${status.from} on`;
    case 'not yet':
      return `is not read by ${release}: it came with ${status.since}`;
    case 'removed':
      return `is not read by ${release}: it went with ${status.in}`;
    case 'unknown':
      return `is no option of Keystone${status.nearest === undefined ? '' : ` (did you mean "${status.nearest}"?)`}`;
  }
}

import { valuesOf, type Entry } from '../directory/entry.ts';
import { isText } from '../directory/octets.ts';
import { storableHash } from '../identities/passwords/storable-hash.ts';
import { Secret } from '../secret.ts';
import type { ExportTarget } from './export-target.ts';
import type { ExportReport } from './export-report.ts';

/** The hash that goes along, if it is wanted; what does not go is said. */
export function carriedPassword(
  entry: Entry,
  { release, withPasswords }: ExportTarget,
  report: ExportReport,
): string | undefined {
  const { passwordAttribute, password } = release.layout.user;
  const [first, ...more] = valuesOf(entry, passwordAttribute);
  if (first === undefined) return undefined;
  if (!withPasswords) {
    report.add('a password, which --with-passwords would carry if it is hashed', entry.dn);
    return undefined;
  }
  // What the release itself could not take back is clear text, or as good as that.
  if (!isText(first) || storableHash(new Secret(first), password) === undefined) {
    report.add('a password that is not hashed', entry.dn);
    return undefined;
  }
  if (more.length > 0) report.add('a second value of a password', entry.dn);
  return first;
}

import { pythonOf, undecodableLines } from '../../keystone-conf/modern/python-3-start.ts';
import { findInCatalogue } from '../../releases/catalogue.ts';
import type { FilesCheck } from './check.ts';

/** Python 3 decodes a file before it looks for comments. */
export const confText: FilesCheck = function* ({ release, main, domains }) {
  const entry = findInCatalogue(release.name);
  const python = entry === undefined ? '2' : pythonOf(entry.name);
  if (python === '2') return;
  for (const doc of [main, ...(domains?.files ?? []).map((file) => file.doc)])
    for (const { file = 'keystone.conf', line } of undecodableLines(doc))
      yield {
        code: 'CONF_NOT_UTF8',
        severity: python === '3' ? 'error' : 'warning',
        subject: `${file}:${line}`,
        message: `a byte here is not UTF-8; Keystone on Python 3 ${doc === main ? 'does not start' : 'answers HTTP 500 to every request'} with it, even in a comment`,
        remedy:
          'Decide what the line is to say: save the file as UTF-8, or delete the line if it is a comment.',
      };
};

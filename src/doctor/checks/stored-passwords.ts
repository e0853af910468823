import { valuesOf } from '../../directory/entry.ts';
import type { Finding } from '../finding.ts';
import { Tally } from '../tally.ts';
import type { MakeEntryCheck } from './check.ts';

/** What the account sees of passwords; the values go nowhere. */
export const storedPasswords: MakeEntryCheck = ({ backend }) => {
  const { password, passwordAttribute } = backend.release.layout.user;
  const [clear, readable] = [new Tally(), new Tally()];
  return {
    see(entry) {
      const values = valuesOf(entry, passwordAttribute);
      if (values.length === 0) return;
      readable.add(entry.dn);
      if (values.some((value) => !/^(?:\{[A-Za-z0-9./_-]+\}|\$6\$)./s.test(value))) clear.add(entry.dn);
    },
    *findings(): Generator<Finding> {
      const subject = `${passwordAttribute} of users below ${backend.trees.user}`;
      if (clear.count > 0)
        yield {
          ...{ code: 'PASSWORD_CLEAR', severity: 'warning', subject, count: clear.count },
          message: `stored in clear are those of ${clear.text}; Keystone logs them in all the same`,
          remedy:
            'Decide how they are to be hashed: the overlay ppolicy with olcPPolicyHashCleartext hashes each that is set anew.',
        };
      // A release that compares hashes itself must read them.
      if (readable.count > 0 && password !== 'sha512-crypt')
        yield {
          ...{ code: 'PASSWORD_READABLE', severity: 'warning', subject, count: readable.count },
          message: `the account can read those of ${readable.text}; Keystone binds as the user and does not need them`,
          remedy: `Decide whether something else needs this right; if not, put a rule for ${passwordAttribute} that gives this account nothing before the others in olcAccess.`,
        };
    },
  };
};

import { valuesOf } from '../../directory/entry.ts';
import { absent } from '../../directory/filter.ts';
import type { Session } from '../../directory/session.ts';
import type { Release } from '../../releases/release.ts';
import { readsPassword } from '../../releases/reads-password.ts';
import type { Finding } from '../finding.ts';
import { storedPasswordFault } from '../stored-password-fault.ts';
import { Tally } from '../tally.ts';
import { CLEAR_REMEDY, HASH_REMEDY } from '../verify-stored-password.ts';
import type { EntryCheck, EntryPlace } from './check.ts';

/** What the account sees of passwords; the values go nowhere. */
export const storedPasswords = (context: EntryPlace): EntryCheck =>
  readsPassword(context.backend.release.layout.user.password)
    ? comparedPasswords(context)
    : boundPasswords(context);

/** Keystone reads them itself: what it cannot read or check is a login that fails. */
function comparedPasswords({ backend, session }: EntryPlace): EntryCheck {
  const { password, passwordAttribute } = backend.release.layout.user;
  const faults = new Map<string, Tally>();
  const [unseen, clear] = [new Tally(), new Tally()];
  return {
    see(entry) {
      const [stored] = valuesOf(entry, passwordAttribute);
      if (stored === undefined) {
        unseen.add(entry.dn);
        return;
      }
      const fault = storedPasswordFault(stored, password);
      if (fault !== undefined) {
        const tally = faults.get(fault) ?? new Tally();
        faults.set(fault, tally);
        tally.add(entry.dn);
      } else if (password === 'compared') clear.add(entry.dn);
    },
    async *findings(): AsyncGenerator<Finding> {
      const subject = `${passwordAttribute} of users below ${backend.trees.user}`;
      for (const [fault, { count, text }] of faults)
        yield {
          ...{ code: 'PASSWORD_FORM', severity: 'error', subject, count },
          message: `the first value ${fault}: ${text}`,
          remedy: password === 'compared' ? CLEAR_REMEDY : HASH_REMEDY,
        };
      if (clear.count > 0)
        yield {
          ...{ code: 'PASSWORD_CLEAR', subject, count: clear.count, ...clearVerdict(backend.release) },
          message: `these are stored in clear text: ${clear.text}; with this setting the release can check no other`,
        };
      if (unseen.count > 0) yield* unseenPasswords(subject, unseen, { session, passwordAttribute });
    },
  };
}

/** Where no option decides it, nothing can be done that a later run would see. */
function clearVerdict({ conf }: Release): Pick<Finding, 'severity' | 'remedy'> {
  const hashOption = conf.kind === 'legacy' ? conf.hashOption : undefined;
  return hashOption === undefined
    ? { severity: 'info', remedy: 'Let nobody but the account of Keystone read them.' }
    : {
        severity: 'warning',
        remedy: `Decide how passwords are to be stored: with ${hashOption} = True in [DEFAULT], set each anew ("keystone-ldap seed --file FILE --reset-passwords"); else let nobody but the account of Keystone read them.`,
      };
}

/** Those that the account does not see: whether they are there at all is asked of the first few. */
async function* unseenPasswords(
  subject: string,
  { count, text, examples }: Tally,
  { session, passwordAttribute }: { readonly session: Session; readonly passwordAttribute: string },
): AsyncGenerator<Finding> {
  let lacking = 0;
  for (const base of examples) {
    const request = { base, scope: 'base', filter: absent(passwordAttribute), attributes: ['1.1'] } as const;
    for await (const { dn } of session.search(request)) lacking += dn === '' ? 0 : 1;
  }
  if (lacking === examples.length)
    yield {
      ...{ code: 'PASSWORD_MISSING', severity: 'warning', subject, count },
      message: `there is none for ${text}; every login fails`,
      remedy: 'Set one for each user who is to log in.',
    };
  else
    yield {
      ...{ code: 'PASSWORD_UNREADABLE', severity: 'error', subject, count },
      message: `the account cannot read those of ${text}; every login fails`,
      remedy: `Give the account of keystone.conf read access to ${passwordAttribute}: "keystone-ldap init --service-account DN" does.`,
    };
}

function boundPasswords({ backend }: EntryPlace): EntryCheck {
  const { passwordAttribute } = backend.release.layout.user;
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
          message: `these are stored in clear text: ${clear.text}; logins work regardless`,
          remedy:
            'Decide how they are to be hashed: the overlay ppolicy with olcPPolicyHashCleartext hashes each that is set anew.',
        };
      if (readable.count > 0)
        yield {
          ...{ code: 'PASSWORD_READABLE', severity: 'warning', subject, count: readable.count },
          message: `the account can read those of ${readable.text}; Keystone binds as the user and does not need them`,
          remedy: `Decide whether something else needs this right; if not, put a rule for ${passwordAttribute} that gives this account nothing before the others in olcAccess.`,
        };
    },
  };
}

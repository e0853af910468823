import type { Credentials, Session, SessionOptions } from '../../directory/session.ts';
import { openSession } from '../../directory/open-session.ts';
import { KeystoneLdapError } from '../../errors.ts';
import { listRequest } from '../list-request.ts';
import { connectionRules } from '../../releases/connection-rules.ts';
import type { DirectoryCheck } from './check.ts';

/** What the server lets those do who give no password. */
export const anonymous: DirectoryCheck = async function* ({ backend, options }) {
  const { release, releaseName, trees } = backend;
  if (options.credentials.kind === 'simple') {
    await using session = await openAs(options, { kind: 'unauthenticated', dn: options.credentials.dn });
    const isOpen = releaseName !== undefined && connectionRules(releaseName).emptyBindAuthenticates;
    if (session !== undefined)
      yield {
        code: 'EMPTY_PASSWORD_BINDS',
        severity: isOpen ? 'error' : 'warning',
        subject: options.uri,
        message: isOpen
          ? `the server takes a DN without a password for a bind that succeeds, and so does ${release.title}: everybody can log in as anybody`
          : 'the server takes a DN without a password for a bind that succeeds; Keystone refuses an empty password itself, but other services may not',
        remedy: 'Remove bind_anon_cred and bind_anon_dn from olcAllows of cn=config.',
      };
  }
  if (backend.unsearchable.has('user')) return;
  await using nobody = await openAs(options, { kind: 'anonymous' });
  const seen = nobody === undefined ? undefined : await firstUser(nobody, { layout: release.layout, trees });
  if (seen !== undefined && options.credentials.kind !== 'anonymous')
    yield {
      code: 'ANONYMOUS_READS',
      severity: 'warning',
      subject: `users below ${trees.user}`,
      message: `anyone who can reach the server can list them (${seen}); Keystone binds with an account and does not need this`,
      remedy:
        'Decide whether other programs read the directory without an account; if none does, take read access for "anonymous" and "*" out of olcAccess.',
    };
};

async function openAs(options: SessionOptions, credentials: Credentials): Promise<Session | undefined> {
  try {
    return await openSession({ ...options, credentials });
  } catch (error) {
    if (error instanceof KeystoneLdapError && error.resultCode !== undefined) return undefined;
    throw error;
  }
}

async function firstUser(
  session: Session,
  place: Parameters<typeof listRequest>[1],
): Promise<string | undefined> {
  try {
    for await (const { dn } of session.search({ ...listRequest('user', place, ['1.1']), pageSize: 1 }))
      return dn;
  } catch (error) {
    if (!(error instanceof KeystoneLdapError) || error.resultCode === undefined) throw error;
  }
  return undefined;
}

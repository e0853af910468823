import type { Session } from '../directory/session.ts';

/** The same session, which tells each of its requests; the pages of one search are one. */
export function countedSession(session: Session, onRequest: () => void): Session {
  const count = <T>(answer: T): T => {
    onRequest();
    return answer;
  };
  return {
    uri: session.uri,
    certificate: session.certificate,
    search: (request) => count(session.search(request)),
    read: (dn, attributes) => count(session.read(dn, attributes)),
    add: (entry) => count(session.add(entry)),
    modify: (dn, edits) => count(session.modify(dn, edits)),
    delete: (dn) => count(session.delete(dn)),
    mayWrite: (dn) => count(session.mayWrite(dn)),
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

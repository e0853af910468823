import type { RunningKeystone } from '../keystone/start-keystone.ts';
import type { Person } from './people.ts';

/** Keystone's HTTP status of a login by uid: 201, or 401 for every kind of refusal. */
export type Logins = Readonly<Record<string, number>>;

/** Logs in everybody, a few at a time. */
export async function loginsOf(
  server: RunningKeystone,
  people: readonly Person[],
  { domain, passwordOf }: { readonly domain: string; readonly passwordOf: (person: Person) => string },
): Promise<Logins> {
  const left = [...people];
  const logins: Record<string, number> = {};
  const worker = async (): Promise<void> => {
    for (let one = left.pop(); one !== undefined; one = left.pop()) {
      const { status } = await server.login({ user: one.uid, password: passwordOf(one), domain });
      logins[one.uid] = status;
    }
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  return logins;
}

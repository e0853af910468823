import type { Aliases } from './session.ts';

type SendSearch = (request: { derefAliases: Aliases }, ...rest: readonly unknown[]) => Promise<unknown>;

/** ldapts 8.2 takes `derefAliases` for a search and drops it: here each request gets it on its way out. */
export function followAliases(client: object, aliases: Aliases): void {
  const send = Reflect.get(client, '_sendSearch') as SendSearch | undefined;
  if (send === undefined) throw new Error('This ldapts sends its searches in another way.');
  const sendFollowing: SendSearch = (request, ...rest) => {
    request.derefAliases = aliases;
    return Reflect.apply(send, client, [request, ...rest]);
  };
  Reflect.set(client, '_sendSearch', sendFollowing);
}

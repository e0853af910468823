/** What Keystone shows of a user, group, project, role or domain. */
export interface Resource {
  readonly id: string;
  readonly name: string;
  readonly domain_id?: string;
  readonly enabled?: boolean;
  readonly email?: string;
  readonly description?: string;
}

export interface ApiAnswer {
  readonly status: number;
  /** `undefined` where the answer is empty. */
  readonly body: unknown;
}

/** The holder of a role: one of both. */
export type Actor = { readonly user: string } | { readonly group: string };

/** Keystone's API v3 with one token. All methods but {@link KeystoneClient.request} throw unless Keystone agrees. */
export class KeystoneClient {
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  /** Any call, e.g. `request('GET', '/users')`; a refusal is an answer. */
  async request(method: string, path: string, body?: unknown): Promise<ApiAnswer> {
    const response = await fetch(`${this.#url}/v3${path}`, {
      method,
      headers: { 'X-Auth-Token': this.#token, 'Content-Type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  }

  users(domainId: string): Promise<readonly Resource[]> {
    return this.#list('users', `/users?domain_id=${encodeURIComponent(domainId)}`);
  }

  groups(domainId: string): Promise<readonly Resource[]> {
    return this.#list('groups', `/groups?domain_id=${encodeURIComponent(domainId)}`);
  }

  groupsOf(userId: string): Promise<readonly Resource[]> {
    return this.#list('groups', `/users/${encodeURIComponent(userId)}/groups`);
  }

  usersOf(groupId: string): Promise<readonly Resource[]> {
    return this.#list('users', `/groups/${encodeURIComponent(groupId)}/users`);
  }

  createDomain(name: string): Promise<Resource> {
    return this.#create('domain', { name });
  }

  createProject(name: string, domainId = 'default'): Promise<Resource> {
    return this.#create('project', { name, domain_id: domainId });
  }

  createRole(name: string): Promise<Resource> {
    return this.#create('role', { name });
  }

  /** The domain, role or project of this name; projects are looked for in all domains. */
  async find(kind: 'domain' | 'role' | 'project', name: string): Promise<Resource> {
    const [found] = await this.#list(`${kind}s`, `/${kind}s?name=${encodeURIComponent(name)}`);
    if (found === undefined) throw new Error(`Keystone has no ${kind} "${name}".`);
    return found;
  }

  async grant(role: string, actor: Actor, projectId: string): Promise<void> {
    const { id } = await this.find('role', role);
    const holder = 'user' in actor ? `users/${actor.user}` : `groups/${actor.group}`;
    await this.#call('PUT', `/projects/${projectId}/${holder}/roles/${id}`);
  }

  async #list(key: string, path: string): Promise<readonly Resource[]> {
    return (await this.#call<Record<string, readonly Resource[]>>('GET', path))[key] ?? [];
  }

  async #create(key: string, values: Readonly<Record<string, unknown>>): Promise<Resource> {
    const body = { [key]: values };
    const created = (await this.#call<Record<string, Resource>>('POST', `/${key}s`, body))[key];
    if (created === undefined) throw new Error(`Keystone gave no ${key} back.`);
    return created;
  }

  async #call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.request(method, path, body);
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body as T;
  }
}

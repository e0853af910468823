/** Who logs in, by names; the domain of both is the default one unless told. */
export interface LoginRequest {
  readonly user: string;
  readonly password: string;
  readonly domain?: string;
  /** Asks for a token of this project. */
  readonly project?: string;
  readonly projectDomain?: string;
}

export interface LoginAnswer {
  /** 201, or 401 for every kind of refusal. */
  readonly status: number;
  readonly token: string;
  readonly userId: string | undefined;
  /** The names of the roles that the token carries, sorted. */
  readonly roles: readonly string[];
}

interface TokenBody {
  readonly token?: {
    readonly user: { readonly id: string };
    readonly roles?: readonly { readonly name: string }[];
  };
}

/** Asks for a token by password, as every client of Keystone does. */
export async function login(url: string, request: LoginRequest): Promise<LoginAnswer> {
  const response = await fetch(`${url}/v3/auth/tokens`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ auth: authOf(request) }),
  });
  const { token } = (await response.json()) as TokenBody;
  return {
    status: response.status,
    token: response.headers.get('X-Subject-Token') ?? '',
    userId: token?.user.id,
    roles: (token?.roles ?? []).map(({ name }) => name).sort(),
  };
}

function authOf({ user, password, domain, project, projectDomain }: LoginRequest): unknown {
  const owner = (name = 'Default'): unknown => ({ name });
  return {
    identity: {
      methods: ['password'],
      password: { user: { name: user, domain: owner(domain), password } },
    },
    ...(project !== undefined && { scope: { project: { name: project, domain: owner(projectDomain) } } }),
  };
}

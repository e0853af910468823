import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Option by `section/name`; `undefined` takes one out. */
export type ServiceOptions = Readonly<Record<string, string | undefined>>;

const SOUND: ServiceOptions = {
  'cache/enabled': 'true',
  'cache/backend': 'dogpile.cache.memory',
  'database/connection': 'mysql+pymysql://keystone@localhost/keystone',
  'fernet_tokens/key_repository': '{dir}/fernet-keys',
  'credential/key_repository': '{dir}/credential-keys',
};

/** Sections in which `keystone-manage doctor` finds nothing but what the options change; `{dir}` holds the keys. */
export async function withService(dir: string, changes: ServiceOptions): Promise<string> {
  for (const repository of ['fernet-keys', 'credential-keys']) {
    await mkdir(join(dir, repository), { recursive: true, mode: 0o700 });
    await writeFile(join(dir, repository, '0'), 'a key', { mode: 0o600 });
  }
  const options = Object.entries({ ...SOUND, ...changes }).flatMap(([place, value]) => {
    const [section = '', name = ''] = place.split('/');
    return value === undefined ? [] : [`[${section}]\n${name} = ${value.replaceAll('{dir}', dir)}\n`];
  });
  return options.join('');
}

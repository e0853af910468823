import { Chalk } from 'chalk';
import { MOST_USERS, type SeenServer } from './look-at-server.ts';
import type { Scene } from './look-around.ts';

/** What was found, on less than one screen. */
export function renderScene(scene: Scene, colour: boolean): string {
  const paint = new Chalk({ level: colour ? 1 : 0 });
  const { release, server, silent, sandboxes } = scene;
  const rows: readonly (readonly [name: string, text: string])[] = [
    ...silent.map(({ uri, why }) => ['no answer', `${uri}: ${why}`] as const),
    ...(server === undefined ? ([['server', 'none found']] as const) : serverRows(server)),
    ['keystone.conf', confText(scene)],
    ['sandboxes', sandboxes.length === 0 ? 'none running' : `${sandboxes.length} running`],
  ];
  const lines = rows.map(([name, text]) => `  ${paint.dim(name.padEnd(13))}  ${text}`);
  return [paint.bold(`What is there for ${release.title}:`), '', ...lines, ''].join('\n');
}

function serverRows(server: SeenServer): readonly (readonly [string, string])[] {
  const { uri, origin, identity, suffix, hasSchema, missingTrees, users } = server;
  const count = users === MOST_USERS ? `${users} or more` : String(users);
  return [
    ['server', `${uri} (${origin})`],
    ['seen as', identity],
    ['suffix', suffix ?? 'more than one, or none: --suffix names it'],
    ['schema', hasSchema ? 'loaded' : 'missing, or not that of the release'],
    [
      'trees',
      suffix === undefined
        ? 'not looked for'
        : missingTrees.length === 0
          ? 'there'
          : `missing: ${missingTrees.join(' and ')}`,
    ],
    ['users', count],
  ];
}

function confText({ conf, confPointsThere, server }: Scene): string {
  if (conf === undefined) return 'none found; --keystone-conf names it';
  if (conf.url === undefined) return `${conf.path}, which names no LDAP server`;
  const which = server === undefined ? '' : confPointsThere ? ': this server' : ': another server';
  return `${conf.path}, which uses ${conf.url}${which}`;
}

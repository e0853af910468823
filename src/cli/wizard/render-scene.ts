import { Chalk } from 'chalk';
import type { FoundPeople, FoundTree } from '../../doctor/find-people.ts';
import { plural } from '../terminal/plural.ts';
import { MOST_USERS, type SeenServer } from './look-at-server.ts';
import type { Scene } from './look-around.ts';

type Row = readonly [name: string, text: string];

/** What was found, on less than one screen. */
export function renderScene(scene: Scene, colour: boolean): string {
  const paint = new Chalk({ level: colour ? 1 : 0 });
  const { release, server, silent, sandboxes } = scene;
  const rows: readonly Row[] = [
    ...silent.map(({ uri, why }) => ['no answer', `${uri}: ${why}`] as const),
    ...(server === undefined ? ([['server', 'none found']] as const) : serverRows(server)),
    ['keystone.conf', confText(scene)],
    ['sandboxes', sandboxes.length === 0 ? 'none running' : `${sandboxes.length} running`],
  ];
  const lines = rows.map(([name, text]) => `  ${paint.dim(name.padEnd(13))}  ${text}`);
  const head = release === undefined ? 'What is there:' : `What is there for ${release.title}:`;
  return [paint.bold(head), '', ...lines, ''].join('\n');
}

function serverRows(server: SeenServer): readonly Row[] {
  const { uri, origin, identity, suffix, hasSchema, missingTrees, users, found } = server;
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
    ...placeRows('people', found.people, found),
    ...placeRows('groups', found.groups, found),
  ];
}

/** As many trees as a person reads. */
const MOST_TREES = 3;

function placeRows(what: string, trees: readonly FoundTree[], { atLeast }: FoundPeople): readonly Row[] {
  if (trees.length === 0) return [];
  const places = trees.slice(0, MOST_TREES).map(({ dn, count, isDeep }) => {
    const number = atLeast ? `at least ${count}` : String(count);
    return `${number} ${isDeep ? 'in units below' : 'in'} ${dn}`;
  });
  const more = trees.length - places.length;
  return [[what, `${places.join('; ')}${more > 0 ? `; and more in ${plural(more, 'tree')}` : ''}`]];
}

function confText({ conf, confPointsThere, server }: Scene): string {
  if (conf === undefined) return 'none found; --keystone-conf names it';
  if (conf.url === undefined) return `${conf.file}, which names no LDAP server`;
  const which = server === undefined ? '' : confPointsThere ? ': this server' : ': another server';
  return `${conf.file}, which uses ${conf.url}${which}`;
}

import { proposedMapping } from '../../doctor/proposed-mapping.ts';
import { isLegacy } from '../../releases/choose-release.ts';
import type { Release } from '../../releases/release.ts';
import type { ConnectionFlags } from '../flags/connection-flags.ts';
import type { SeenServer } from './look-at-server.ts';
import type { Scene } from './look-around.ts';

/** A command that makes sense now, and what for. */
export interface Step {
  readonly why: string;
  readonly words: readonly string[];
  /** Whether it writes to the directory. */
  readonly writes?: true;
}

/** The flags that every step repeats, because they were given here and not by the environment. */
export interface GivenFlags {
  readonly connection: readonly string[];
}

const step = (why: string, ...words: string[]): Step => ({ why, words });

/**
 * What to do next. The first, which is the default answer, never writes; where there are people, reading comes before
 * writing. Commands that this version does not have are left out by the caller.
 */
export function nextSteps(scene: Scene, { connection }: GivenFlags): readonly Step[] {
  const { server, release } = scene;
  if (server === undefined || release === undefined) {
    const named = release === undefined ? [] : ['--release', release.name];
    return [
      step('play with a throw-away OpenLDAP', 'sandbox', ...named, '--seed'),
      step('set up a server of your own; it is asked for', 'init', ...named, ...connection),
      step('see all of it on a throw-away OpenLDAP', 'demo', ...named),
    ];
  }
  const asked = ['--release', release.name, ...connection];
  return server.found.people.length > 0
    ? stepsWithPeople(scene, server, { release, asked })
    : stepsOnOwnServer(scene, server, { release, asked });
}

interface Asked {
  readonly release: Release;
  readonly asked: readonly string[];
}

function stepsOnOwnServer(scene: Scene, server: SeenServer, { release, asked }: Asked): readonly Step[] {
  const init = { ...step('load the schema and create the trees', 'init', ...asked), writes: true } as const;
  const isReady = server.hasSchema && server.missingTrees.length === 0 && server.suffix !== undefined;
  if (!isReady)
    return [
      step('see what init would do', ...init.words, '--dry-run'),
      init,
      step('play with a throw-away OpenLDAP', 'sandbox', '--release', release.name, '--seed'),
    ];
  const configure = step(
    'make keystone.conf use this server',
    'configure',
    ...withoutAccount(asked),
    ...fileOf(scene),
  );
  if (server.users === 0) {
    const seed = step('write the sample data', 'seed', ...asked);
    const look = step('see what seed would write', ...seed.words, '--dry-run');
    return [look, { ...seed, writes: true }, configure];
  }
  return [...readingSteps(scene, { release, asked }), ...(scene.confPointsThere ? [] : [configure])];
}

/** Nothing that writes to the directory is offered where people are that others made. */
function stepsWithPeople(scene: Scene, server: SeenServer, { release, asked }: Asked): readonly Step[] {
  const own = isLegacy(release) ? [] : treeWords(server, release);
  const readOnly = step(
    'see whether Keystone can use the people that are there',
    ...['init', '--read-only', ...asked, ...own],
  );
  const reading = readingSteps(scene, { release, asked: [...asked, ...own] });
  if (scene.confPointsThere) return reading;
  if (isLegacy(release)) return [readOnly, ...reading];
  const words = [...withoutAccount(asked), ...own, ...fileOf(scene)];
  const configure = step('make keystone.conf use them', 'configure', ...words);
  const look = step('see what configure would edit', ...configure.words, '--dry-run');
  return [readOnly, ...reading.filter(({ words }) => words[0] === 'doctor'), look, configure];
}

/** As Keystone sees it where its file names this server. */
function readingSteps(scene: Scene, { release, asked }: Asked): readonly Step[] {
  const { conf, confPointsThere } = scene;
  const file = fileOf(scene);
  const own = confPointsThere ? ['--release', release.name, ...file] : [...asked];
  const verify = step('ask the directory what Keystone would ask', 'verify', ...own);
  const doctor = step('look for all that could go wrong', 'doctor', '--release', release.name, ...file);
  return conf === undefined ? [verify] : [verify, doctor];
}

/** Who administers the directory must not become the account of Keystone. */
function withoutAccount(words: readonly string[]): readonly string[] {
  const isOfAccount = (word: string | undefined): boolean => word === '-D' || word === '-y';
  return words.filter((word, at) => !isOfAccount(word) && !isOfAccount(words[at - 1]));
}

function fileOf({ conf }: Scene): readonly string[] {
  return conf === undefined ? [] : ['--keystone-conf', conf.file];
}

/** The trees with the most people and groups, and how their entries are read. */
function treeWords({ found, suffix }: SeenServer, release: Release): readonly string[] {
  const [people] = found.people;
  const [groups] = found.groups;
  if (people === undefined) return [];
  return [
    ...(suffix === undefined ? ['--suffix', people.base] : []),
    ...['--user-tree-dn', people.dn],
    ...(groups === undefined || release.trees.group === undefined ? [] : ['--group-tree-dn', groups.dn]),
    ...proposedMapping(found, release).flatMap((pair) => ['--map', pair]),
  ];
}

/** How to reach the server, as flags; a password stays where it is. */
export function connectionWords(flags: ConnectionFlags, uri: string | undefined): readonly string[] {
  return [
    ...(uri === undefined ? [] : ['-H', uri]),
    ...(flags.bindDn === undefined ? [] : ['-D', flags.bindDn]),
    ...(flags.passwordFile === undefined ? [] : ['-y', flags.passwordFile]),
    ...(flags.startTls === undefined ? [] : [flags.startTls > 1 ? '-ZZ' : '-Z']),
    ...(flags.caFile === undefined ? [] : ['--ca-file', flags.caFile]),
  ];
}

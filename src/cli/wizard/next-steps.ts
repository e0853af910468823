import type { ConnectionFlags } from '../connection-flags.ts';
import type { Scene } from './look-around.ts';

/** A command that makes sense now, and what for. */
export interface Step {
  readonly why: string;
  readonly words: readonly string[];
}

/** The flags that every step repeats, because they were given here and not by the environment. */
export interface GivenFlags {
  readonly connection: readonly string[];
  readonly release: readonly string[];
}

/** What to do next, the most pressing first; commands that this version does not have are left out by the caller. */
export function nextSteps(scene: Scene, { connection, release }: GivenFlags): readonly Step[] {
  const { server, conf, confPointsThere } = scene;
  const step = (why: string, ...words: string[]): Step => ({ why, words });
  const sandbox = step('play with a throw-away OpenLDAP', 'sandbox', ...release, '--seed');
  if (server === undefined)
    return [
      sandbox,
      step('set up a server of your own; it is asked for', 'init', ...release, ...connection),
      step('see all of it on a throw-away OpenLDAP', 'demo', ...release),
    ];
  const asked = [...release, ...connection];
  const file = conf === undefined ? [] : ['--keystone-conf', conf.path];
  const init = step('load the schema and create the trees', 'init', ...asked);
  const seed = step('write the sample data', 'seed', ...asked);
  const configure = step('make keystone.conf use this server', 'configure', ...asked, ...file);
  const isReady = server.hasSchema && server.missingTrees.length === 0;
  if (!isReady) return [init, step('see what init would do', ...init.words, '--dry-run'), sandbox];
  if (server.users === 0) return [seed, configure];
  const verify = confPointsThere
    ? step('ask the directory what Keystone would ask', 'verify', ...release, ...file)
    : step('ask the directory what Keystone would ask', 'verify', ...asked);
  const doctor = step('look for all that could go wrong', 'doctor', ...release, ...file);
  return confPointsThere ? [verify, doctor] : [configure, verify, ...(conf === undefined ? [] : [doctor])];
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

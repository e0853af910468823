import type { FoundTree } from '../../doctor/find-people.ts';
import { shellCommand } from '../../shell-word.ts';
import { chooseRelease, type InstalledKeystone } from '../../releases/choose-release.ts';
import type { Release } from '../../releases/release.ts';
import { saidOrAsked } from '../inputs/chosen-release.ts';
import type { CommandContext, IsGiven } from '../flags/command-context.ts';
import type { ConnectionFlags } from '../flags/connection-flags.ts';
import { findConf } from '../inputs/find-conf.ts';
import { installedKeystone } from '../inputs/installed-keystone.ts';
import type { ExitCode, Io } from '../terminal/io.ts';
import { requireRelease } from '../flags/of-flag.ts';
import { printJson, remark, say, type OutputFlags } from '../terminal/output.ts';
import type { SeenServer } from './look-at-server.ts';
import { lookAround, sceneFor, type Scene, type Surroundings } from './look-around.ts';
import { connectionWords, nextSteps, type Step } from './next-steps.ts';
import { renderScene } from './render-scene.ts';
import { ifMayWrite } from './try-rights.ts';

export interface WizardFlags extends ConnectionFlags, OutputFlags {
  readonly release?: string;
  readonly suffix?: string;
  readonly keystoneConf?: string;
}

export interface WizardPorts extends Pick<CommandContext, 'run'> {
  readonly isGiven: IsGiven;
  /** The commands that this version has. */
  readonly known: readonly string[];
}

/** Says what is there and offers what to do next, until the person leaves; without a terminal it says both and ends. */
export async function runWizard(flags: WizardFlags, io: Io, ports: WizardPorts): Promise<ExitCode> {
  const { json = false } = flags;
  const own = json ? { ...io, asker: undefined } : io;
  let code: ExitCode = 0;
  let release = flags.release === undefined ? undefined : requireRelease(flags.release);
  const installed = release === undefined ? await installedKeystone(io) : undefined;
  for (;;) {
    const around = await lookAround({ flags, conf: await findConf(flags.keystoneConf, io.env) }, io);
    release ??= await releaseFor(around, installed, own);
    const scene = await sceneFor(around, release, io);
    const steps = stepsIn(scene, flags, ports);
    show(scene, steps, json, own);
    const step = await choose(steps, own);
    if (step === undefined) return code;
    code = await take(step, { scene, flags, run: ports.run }, own);
    if (code !== 0 || io.signal.aborted) return code;
    say(io, '');
  }
}

function show(scene: Scene, steps: readonly Step[], json: boolean, io: Io): void {
  if (json) {
    printJson(io, { command: 'wizard', ...sceneJson(scene), next: steps.map(stepJson) });
    return;
  }
  say(io, renderScene(scene, io.colour));
  if (io.asker === undefined) for (const { why, words } of steps) say(io, `${why}:\n    ${typed(words)}\n`);
}

interface Choice {
  readonly scene: Scene;
  readonly flags: WizardFlags;
  readonly run: WizardPorts['run'];
}

async function take(step: Step, { scene, flags, run }: Choice, io: Io): Promise<ExitCode> {
  const own = await ioFor(step, scene, flags, io);
  if (own === undefined) return 0;
  say(io, `\n$ ${typed(step.words)}`);
  return await run(step.words, own);
}

/** None need be known where no server can be harmed: a sandbox has its own. */
async function releaseFor(
  { conf, server }: Surroundings,
  installed: InstalledKeystone | undefined,
  io: Io,
): Promise<Release | undefined> {
  if (server === undefined && conf === undefined && installed === undefined) return undefined;
  const choice = chooseRelease({ conf, installed, directory: server?.sign });
  return requireRelease(await saidOrAsked(choice, io));
}

/**
 * The surroundings of a step, after what must come before it: the right to write, tried, and a yes for what stays for
 * good.
 */
async function ioFor(
  { words, writes }: Step,
  { server, release }: Scene,
  flags: WizardFlags,
  io: Io,
): Promise<Io | undefined> {
  if (writes !== true || server === undefined || release === undefined) return io;
  const own = await ifMayWrite(server, flags, io);
  if (own === undefined || words[0] !== 'init' || server.hasSchema) return own;
  const question = `This loads the schema of ${release.name} into cn=config of ${server.uri}, where it stays for good. Go on?`;
  if ((await io.asker?.confirm(question)) === true) return own;
  remark(io, 'Nothing was written.');
  return undefined;
}

function stepsIn(scene: Scene, flags: WizardFlags, { isGiven, known }: WizardPorts): readonly Step[] {
  const own: ConnectionFlags = Object.fromEntries(Object.entries(flags).filter(([flag]) => isGiven(flag)));
  const isInEnvironment = flags.uri !== undefined && !isGiven('uri');
  const connection = [
    ...connectionWords(own, isInEnvironment ? undefined : scene.server?.uri),
    ...(isGiven('suffix') && flags.suffix !== undefined ? ['--suffix', flags.suffix] : []),
  ];
  return nextSteps(scene, { connection }).filter(({ words }) => known.includes(words[0] ?? ''));
}

async function choose(steps: readonly Step[], { asker }: Io): Promise<Step | undefined> {
  const choices = steps.map(({ why, words }) => `${why}: ${typed(words)}`);
  const chosen = await asker?.choose('What next?', [...choices, LEAVE]);
  return steps[choices.indexOf(chosen ?? LEAVE)];
}

const LEAVE = 'nothing, leave';

function typed(words: readonly string[]): string {
  return shellCommand(['keystone-ldap', ...words]);
}

function stepJson({ why, words }: Step): Readonly<Record<string, string>> {
  return { why, command: typed(words) };
}

function sceneJson({ release, server, conf, ...scene }: Scene): Readonly<Record<string, unknown>> {
  return {
    release: release?.name,
    ...scene,
    conf: conf && { path: conf.file, url: conf.url, kind: conf.kind },
    server: server && serverJson(server),
  };
}

function serverJson(server: SeenServer): Readonly<Record<string, unknown>> {
  const { uri, origin, identity, suffix, sign, hasSchema, missingTrees, userTree, users, found } = server;
  const places = (trees: readonly FoundTree[]) =>
    trees.map(({ dn, count, isDeep }) => ({ dn, count, isDeep }));
  return {
    ...{ uri, origin, identity, suffix, sign, hasSchema, missingTrees, userTree, users },
    ...{ people: places(found.people), groups: places(found.groups), atLeast: found.atLeast },
  };
}

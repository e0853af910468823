import { shellCommand } from '../../identities/shell-word.ts';
import { DEFAULT_RELEASE, RELEASES } from '../../releases/find-release.ts';
import type { CommandContext, IsGiven } from '../command-context.ts';
import type { ConnectionFlags } from '../connection-flags.ts';
import type { ExitCode, Io } from '../io.ts';
import { requireRelease } from '../of-flag.ts';
import { printJson, say, type OutputFlags } from '../output.ts';
import { ask } from '../resolve-connection.ts';
import { findConf, type FoundConf } from './find-conf.ts';
import { lookAround, type Scene } from './look-around.ts';
import { connectionWords, nextSteps, type Step } from './next-steps.ts';
import { renderScene } from './render-scene.ts';

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
  let code: ExitCode = 0;
  for (;;) {
    const conf = await findConf(flags.keystoneConf, io.env);
    const release = requireRelease(flags.release ?? (await releaseFor(conf, flags, io)));
    const scene = await lookAround({ flags, release, conf }, io);
    const steps = stepsIn(scene, flags, ports);
    if (flags.json === true)
      printJson(io, { command: 'wizard', ...sceneJson(scene), next: steps.map(stepJson) });
    else say(io, renderScene(scene, io.colour));
    if (flags.json === true || io.asker === undefined) {
      if (flags.json !== true) for (const { why, words } of steps) say(io, `${why}:\n    ${typed(words)}\n`);
      return code;
    }
    const words = await choose(steps, io);
    if (words === undefined) return code;
    say(io, `\n$ ${typed(words)}`);
    code = await ports.run(words, io);
    if (code !== 0 || io.signal.aborted) return code;
    say(io, '');
  }
}

/** Of a file of Essex or later the release is a guess, and a person is asked. */
async function releaseFor(conf: FoundConf | undefined, { json }: WizardFlags, io: Io): Promise<string> {
  if (conf?.isModern !== true) return conf?.release ?? DEFAULT_RELEASE;
  const guess = conf.release ?? RELEASES.at(-1)?.name ?? DEFAULT_RELEASE;
  return io.asker === undefined || json === true
    ? guess
    : await ask(io, `${conf.path} is of Essex or later. Which Keystone release?`, '--release', guess);
}

function stepsIn(scene: Scene, flags: WizardFlags, { isGiven, known }: WizardPorts): readonly Step[] {
  const own: ConnectionFlags = Object.fromEntries(Object.entries(flags).filter(([flag]) => isGiven(flag)));
  const isInEnvironment = flags.uri !== undefined && !isGiven('uri');
  const connection = [
    ...connectionWords(own, isInEnvironment ? undefined : scene.server?.uri),
    ...(isGiven('suffix') && flags.suffix !== undefined ? ['--suffix', flags.suffix] : []),
  ];
  const steps = nextSteps(scene, { connection, release: ['--release', scene.release.name] });
  return steps.filter(({ words }) => known.includes(words[0] ?? ''));
}

async function choose(steps: readonly Step[], { asker }: Io): Promise<readonly string[] | undefined> {
  const choices = steps.map(({ why, words }) => `${why}: ${typed(words)}`);
  const chosen = await asker?.choose('What next?', [...choices, LEAVE]);
  return steps[choices.indexOf(chosen ?? LEAVE)]?.words;
}

const LEAVE = 'nothing, leave';

function typed(words: readonly string[]): string {
  return shellCommand(['keystone-ldap', ...words]);
}

function stepJson({ why, words }: Step): Readonly<Record<string, string>> {
  return { why, command: typed(words) };
}

function sceneJson({ release, ...scene }: Scene): Readonly<Record<string, unknown>> {
  return { release: release.name, ...scene };
}

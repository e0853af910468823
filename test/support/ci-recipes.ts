import { parse } from 'yaml';
import { packageFile, readText } from '../../src/files.ts';

type Environment = Readonly<Record<string, string>>;

/** A job of docs/ci.md, whichever service it is for. */
export interface CiJob {
  readonly name: string;
  readonly commands: readonly string[];
  readonly env: Environment;
  /** The environment of the image, where it is run as a service. */
  readonly service: Environment | undefined;
}

/** What GitHub and GitLab call the same things. */
interface WrittenJob {
  readonly steps?: readonly { readonly run?: string }[];
  readonly script?: readonly string[];
  readonly env?: Environment;
  readonly variables?: Environment;
  readonly services?: readonly unknown[] | { readonly directory: { readonly env: Environment } };
}

/** All jobs in the YAML blocks of docs/ci.md. */
export async function ciJobs(): Promise<readonly CiJob[]> {
  const blocks = (await readText(packageFile('docs/ci.md'))).matchAll(/^```yaml\n(.*?)^```$/gms);
  return [...blocks].flatMap(([, block = '']) => {
    const document = parse(block) as { jobs?: Record<string, WrittenJob> } & Record<string, WrittenJob>;
    const [jobs, where] = document.jobs === undefined ? [document, 'GitLab'] : [document.jobs, 'GitHub'];
    return Object.entries(jobs).map(([name, job]) => ({ name: `${name} on ${where}`, ...readJob(job) }));
  });
}

function readJob({ steps = [], script, env, variables = {}, services }: WrittenJob): Omit<CiJob, 'name'> {
  const own = services !== undefined && 'directory' in services ? services.directory.env : variables;
  return {
    commands: script ?? steps.flatMap(({ run }) => (run === undefined ? [] : [run])),
    env: env ?? variables,
    service: services === undefined ? undefined : own,
  };
}

/** The command line with the tool of this checkout, from its sources, in place of the published one. */
export function withThisTool(command: string): string {
  return command.replaceAll('npx keystone-ldap', `node "${packageFile('test/support/cli-process.js')}"`);
}

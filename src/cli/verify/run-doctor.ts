import { readBackends, type Backend } from '../../doctor/backend.ts';
import { doctor, type Examined } from '../../doctor/doctor.ts';
import { SEVERITIES, type Finding } from '../../doctor/finding.ts';
import type { KeystoneFiles, KeystoneSource } from '../../doctor/keystone-files.ts';
import { reachBackend } from '../../doctor/reach-backend.ts';
import { reportOf, type Report } from '../../doctor/reproduce/report.ts';
import { packageFile, readText } from '../../files.ts';
import { openSession } from '../../directory/open-session.ts';
import type { Release } from '../../releases/release.ts';
import { carryGiven } from './carry-given.ts';
import type { ConfigConnectionFlags } from '../flags/connection-flags.ts';
import type { ExitCode, Io } from '../terminal/io.ts';
import type { KeystoneFlags } from '../flags/keystone-flags.ts';
import { printJson, remark, say, type OutputFlags } from '../terminal/output.ts';
import { plural } from '../terminal/plural.ts';
import { findingText } from './render-verdict.ts';
import { connectionTo, resolveConfigConnection } from '../inputs/resolve-connection.ts';
import { requireEmptyFolder, writeReport } from './write-report.ts';
import { resolveKeystone } from '../inputs/resolve-keystone.ts';

export interface DoctorFlags extends KeystoneFlags, ConfigConnectionFlags, OutputFlags {
  readonly severity: Finding['severity'];
  readonly reproduce?: string;
}

/** What `doctor` does: examine, show what it finds as it finds it, and sum up. */
export async function runDoctor(flags: DoctorFlags, io: Io): Promise<ExitCode> {
  if (flags.reproduce !== undefined) await requireEmptyFolder(flags.reproduce);
  const { files, source } = await resolveKeystone(flags, io);
  const asked: Finding[] = [];
  const found: Finding[] = [];
  const examined: Examined[] = [];
  const target = {
    ...{ files, source, signal: io.signal },
    timeoutMs: flags.timeout === undefined ? undefined : flags.timeout * 1000,
    openConfig: await configOpener(flags, io),
    onRemark: (text: string) => remark(io, text),
    onExamined: (one: Examined) => void examined.push(one),
  };
  for await (const finding of doctor(target)) {
    if (SEVERITIES.indexOf(finding.severity) < SEVERITIES.indexOf(flags.severity)) continue;
    asked.push(finding);
    const carried = carryGiven(finding, { ...flags, domain: finding.domain ?? flags.domain });
    found.push(carried);
    if (flags.json !== true) say(io, findingText(carried, io.colour));
  }
  const ok = found.length === 0;
  if (flags.json === true)
    printJson(io, { command: 'doctor', release: files.release.name, ok, findings: found, examined });
  else say(io, summary(files.release, found, examined));
  if (flags.reproduce !== undefined)
    await reproduce(flags.reproduce, { files, source, findings: asked, severity: flags.severity }, io);
  return ok ? 0 : 1;
}

interface Reproduced {
  readonly files: KeystoneFiles;
  readonly source: KeystoneSource;
  readonly findings: readonly Finding[];
  readonly severity: Finding['severity'];
}

/** Of one driver: that with most findings, and the first of those with as many. */
async function reproduce(folder: string, reproduced: Reproduced, io: Io): Promise<void> {
  const { files, source, findings, severity } = reproduced;
  const countOf = ({ domain }: Backend): number => findings.filter((one) => one.domain === domain).length;
  const backends = readBackends(files, source).flatMap(({ backend }) => backend ?? []);
  const [backend] = backends.toSorted((a, b) => countOf(b) - countOf(a));
  const connected = backend && (await reachBackend(backend, { signal: io.signal }));
  await using session = connected?.session;
  const { version } = JSON.parse(await readText(packageFile('package.json'))) as { readonly version: string };
  const isOfIt = ({ domain }: Finding): boolean => domain === backend?.domain;
  const report = await reportOf({
    ...{ version, severity, session, backend, release: files.release, ...fileOf(backend, files, source) },
    findings: findings.filter(isOfIt),
    others: findings.filter((one) => !isOfIt(one)),
  });
  await writeReport(folder, report.files);
  remark(io, writtenText(folder, report));
}

/** If it sets up no driver: that of the domain that is named, else the main file. */
function fileOf(backend: Backend | undefined, files: KeystoneFiles, source: KeystoneSource) {
  if (backend !== undefined) return { doc: backend.doc, domain: backend.domain };
  const named = files.domains?.files.find((one) => one.domain === source.domain);
  return { doc: named?.doc ?? files.main, domain: named?.domain };
}

function writtenText(folder: string, { shown, notShown }: Report): string {
  const what = notShown === 0 ? 'the findings' : `${shown} of ${shown + notShown} kinds of findings`;
  const rest = notShown === 0 ? '' : ` ${folder}/report.json says why not the others.`;
  return `Wrote ${folder}: ${folder}/run.sh shows ${what} again, without names and passwords.${rest}`;
}

async function configOpener({ configUri: uri, ...flags }: DoctorFlags, io: Io) {
  if (uri === undefined) return undefined;
  const directory = await connectionTo(uri, { kind: 'anonymous' }, flags, io);
  const { options } = await resolveConfigConnection({ ...flags, configUri: uri }, directory, io);
  return () => openSession(options);
}

function summary({ title }: Release, found: readonly Finding[], examined: readonly Examined[]): string {
  const count = (of: Finding['severity']): number => found.filter(({ severity }) => severity === of).length;
  const notes = count('info');
  const counts = [plural(count('error'), 'error'), plural(count('warning'), 'warning')];
  if (notes > 0) counts.push(plural(notes, 'note'));
  const asked = examined.map(({ domain, uri, entries, requests }) => {
    const seen = Object.entries(entries).map(([kind, count]) => plural(count, kind));
    return `${domain === undefined ? '' : `domain ${domain} at `}${uri}: ${seen.join(', ')} in ${requests} requests`;
  });
  const where = asked.length === 0 ? 'no server was asked' : asked.join('; ');
  return `${title}: ${found.length === 0 ? 'nothing found' : counts.join(', ')} (${where}).`;
}

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runToSuccess } from '../../../src/sandbox/run-command.ts';

/**
 * The keystone.conf of Debian's package `keystone`, 2,351 lines with every option commented out beside its prose. The
 * package is unpacked and not installed: it would bring a service. Its postinst copies this very file.
 */
export function packagedConf(): Promise<string> {
  return (text ??= unpack());
}

let text: Promise<string> | undefined;

async function unpack(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'keystone-package-'));
  try {
    // As root, apt would go on as its user _apt, who may not enter this folder.
    await runToSuccess('apt-get', ['-q', '-o', 'APT::Sandbox::User=root', 'download', 'keystone'], {
      cwd: folder,
    });
    await runToSuccess('sh', ['-c', 'dpkg-deb -x keystone_*.deb root'], { cwd: folder });
    return await readFile(join(folder, 'root/usr/share/keystone/keystone.conf'), 'utf8');
  } finally {
    await rm(folder, { recursive: true });
  }
}

import { writeFile } from 'node:fs/promises';
import { unwritable } from '../file-faults.ts';

/**
 * Writes the file that `-o` names.
 * @throws `FILE_UNWRITABLE`
 */
export async function writeResult(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw unwritable(`write ${path}`, error);
  }
}

import { formatConf } from '../../keystone-conf/document/document.ts';
import type { FilePlan } from './conf-plan.ts';

/** Whether the file will have other bytes: an upgrade may write a line differently without an edit of an option. */
export function isChanged({ bytes, after }: FilePlan): boolean {
  return !formatConf(after).equals(bytes ?? Buffer.alloc(0));
}

import { Secret } from '../secret.ts';
import type { BerWriter } from './ber-writer.ts';
import type { NewEntry } from './entry.ts';

const SEQUENCE = 0x30;
const SET = 0x31;
const INTEGER = 0x02;
const BOOLEAN = 0x01;
const ENUMERATED = 0x0a;
const OCTET_STRING = 0x04;
const ADD_REQUEST = 0x68;
const SEARCH_REQUEST = 0x63;
const PRESENT_FILTER = 0x87;
const CONTROLS = 0xa0;
/** RFC 2696. */
const PAGED_RESULTS = '1.2.840.113556.1.4.319';

/** All entries below a base, whatever they are. */
export interface WholeSearch {
  readonly base: string;
  readonly scope: 'one' | 'sub';
  readonly attributes: readonly string[];
}

export interface Page {
  readonly size: number;
  readonly cookie: Uint8Array;
}

/** An AddRequest (RFC 4511 section 4.7) as a message; an attribute without values is left out, being an error. */
export function encodeAdd(writer: BerWriter, id: number, { dn, attributes }: NewEntry): void {
  const message = writer.begin(SEQUENCE);
  writer.integer(INTEGER, id);
  const request = writer.begin(ADD_REQUEST);
  writer.text(OCTET_STRING, dn);
  const list = writer.begin(SEQUENCE);
  for (const name in attributes) {
    const values = attributes[name] ?? [];
    if (values.length === 0) continue;
    const attribute = writer.begin(SEQUENCE);
    writer.text(OCTET_STRING, name);
    const set = writer.begin(SET);
    for (const value of values) writer.text(OCTET_STRING, value instanceof Secret ? value.reveal() : value);
    writer.end(set);
    writer.end(attribute);
  }
  writer.end(list);
  writer.end(request);
  writer.end(message);
}

/** A SearchRequest (RFC 4511 section 4.5.1) for one page, as a message. */
export function encodeSearch(writer: BerWriter, id: number, search: WholeSearch, page: Page): void {
  const message = writer.begin(SEQUENCE);
  writer.integer(INTEGER, id);
  const request = writer.begin(SEARCH_REQUEST);
  writer.text(OCTET_STRING, search.base);
  writer.integer(ENUMERATED, search.scope === 'one' ? 1 : 2);
  writer.integer(ENUMERATED, 0); // aliases are never followed
  writer.integer(INTEGER, 0);
  writer.integer(INTEGER, 0);
  writer.boolean(BOOLEAN, false);
  writer.text(PRESENT_FILTER, 'objectClass');
  const attributes = writer.begin(SEQUENCE);
  for (const name of search.attributes) writer.text(OCTET_STRING, name);
  writer.end(attributes);
  writer.end(request);
  encodePage(writer, page);
  writer.end(message);
}

function encodePage(writer: BerWriter, { size, cookie }: Page): void {
  const controls = writer.begin(CONTROLS);
  const control = writer.begin(SEQUENCE);
  writer.text(OCTET_STRING, PAGED_RESULTS);
  const value = writer.begin(OCTET_STRING);
  const content = writer.begin(SEQUENCE);
  writer.integer(INTEGER, size);
  writer.bytes(OCTET_STRING, cookie);
  writer.end(content);
  writer.end(value);
  writer.end(control);
  writer.end(controls);
}

/** An UnbindRequest, which has no answer. */
export function encodeUnbind(writer: BerWriter, id: number): void {
  const message = writer.begin(SEQUENCE);
  writer.integer(INTEGER, id);
  writer.bytes(0x42, new Uint8Array());
  writer.end(message);
}

import type { AppField, AppMessage } from '../agent/application.js';
import { headerKey } from '../message/headers.js';
import { NO_BODY } from '../message/message.js';

/**
 * Reads SIP text as an application writes it. Its Content-Length counts UTF-16 units and is ignored: the body is everything after the empty
 * line. Undefined without an understandable start line.
 */
export function parseAppMessage(data: Buffer): AppMessage | undefined {
  const end = data.indexOf('\r\n\r\n');
  const head = data.toString('utf8', 0, end < 0 ? data.length : end);
  const body = end < 0 || end + 4 >= data.length ? NO_BODY : data.subarray(end + 4);
  const [start = '', ...lines] = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  const fields: AppField[] = [];
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim();
    fields.push({ key: headerKey(name), name, value: line.slice(colon + 1).trim() });
  }
  const response = /^SIP\/2\.0 (\d{3})(?: (.*))?$/i.exec(start);
  if (response) {
    const status = Number(response[1]);
    return status < 100 || status > 699 ? undefined : { kind: 'response', status, reason: response[2] ?? '', fields, body };
  }
  const request = /^([A-Z][A-Z0-9\-.!%*_+`'~]*) (\S+) SIP\/2\.0$/i.exec(start);
  if (!request) return undefined;
  return { kind: 'request', method: request[1] ?? '', uri: request[2] ?? '', fields, body };
}

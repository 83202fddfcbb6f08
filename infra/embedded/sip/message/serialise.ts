import type { SipMessage } from './message.js';

/** The header part of a message with a Content-Length that counts the bytes of its body. */
function head(message: SipMessage): string {
  let text =
    message.kind === 'request' ? `${message.method} ${message.uri} SIP/2.0\r\n` : `SIP/2.0 ${String(message.status)} ${message.reason}\r\n`;
  for (const field of message.headers) {
    if (field.key !== 'content-length') text += `${field.name}: ${field.value}\r\n`;
  }
  return `${text}Content-Length: ${String(message.body.length)}\r\n\r\n`;
}

/** The bytes that go on the wire. */
export function serialise(message: SipMessage): Buffer {
  const text = head(message);
  return message.body.length === 0 ? Buffer.from(text, 'utf8') : Buffer.concat([Buffer.from(text, 'utf8'), message.body]);
}

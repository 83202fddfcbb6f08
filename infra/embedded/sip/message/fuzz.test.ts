import { expect, test } from '@jest/globals';
import { parseAppMessage } from '../drachtio/app-message.js';
import { FrameReader } from '../drachtio/frame.js';
import { StreamFramer } from '../transport/stream-framer.js';
import { parseMessage } from './parse.js';
import { serialise } from './serialise.js';
import { refusalOf, responseDefect } from './validate.js';

// A few thousand mutations here; SIP_FUZZ_MESSAGES=1000000 makes the long run.
const RUNS = Number(process.env['SIP_FUZZ_MESSAGES'] ?? 5_000);
const SEED = Number(process.env['SIP_FUZZ_SEED'] ?? 20_260_101);

/** mulberry32: small, good enough, and the same everywhere, so that a failure can be repeated. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const CORPUS = [
  'INVITE sip:a@b.example SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1;rport, SIP/2.0/TCP c;branch=z9hG4bK2\r\nFrom: "A, \\"B\\"" <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: x@y\r\nCSeq: 1 INVITE\r\nContact: <sip:a@[2001:db8::1]:5061;transport=tls>;expires=3\r\nRoute: <sip:p;lr>,<sip:q>\r\nContent-Type: application/sdp\r\nContent-Length: 5\r\n\r\nv=0\r\n',
  'SIP/2.0 200 OK\r\nv: SIP/2.0/WSS abc.invalid;branch=z9hG4bK3\r\nf: sip:a@b;tag=9\r\nt: sip:c@d;tag=8\r\ni: q\r\nCSeq: 7 REGISTER\r\nm: *\r\nSession-Expires: 90;refresher=uac\r\nl: 0\r\n\r\n',
  'REGISTER sips:reg.example:5061;maddr=192.0.2.9 SIP/2.0\r\nVia: SIP / 2.0 / TLS [2001:db8::9]:5061 ;received=1.2.3.4\r\nFrom: <tel:+1>;tag=x\r\nTo: <tel:+1>\r\nCall-ID: z\r\nCSeq: 2 REGISTER\r\nContact: *\r\nExpires: 0\r\nMax-Forwards: 70\r\n folded\r\nContent-Length: 0\r\n\r\n',
];
const TOKENS = [
  '\r\n',
  '\r\n\r\n',
  ',',
  ';',
  '"',
  '<',
  '>',
  '\\',
  ':',
  '=',
  ' ',
  '\t',
  '\0',
  '\u00ff',
  '[',
  ']',
  '@',
  '%00',
  'SIP/2.0',
  'Via:',
  'Content-Length: 99999999\r\n',
  'tag=',
  '2147483648',
  '-1',
  '?',
  '*',
  'l:',
  '\r',
  '\n',
];

function mutate(text: string, random: (below: number) => number): string {
  let result = text;
  for (let i = 1 + random(4); i > 0; i--) {
    const at = random(result.length + 1);
    switch (random(5)) {
      case 0:
        result = result.slice(0, at) + (TOKENS[random(TOKENS.length)] ?? '') + result.slice(at);
        break;
      case 1:
        result = result.slice(0, at) + result.slice(at + 1 + random(12));
        break;
      case 2:
        result = result.slice(0, at) + String.fromCharCode(random(256)) + result.slice(at + 1);
        break;
      case 3:
        result = result.slice(0, at) + result.slice(at, at + random(200)).repeat(1 + random(4)) + result.slice(at);
        break;
      default:
        result = result.slice(0, at) + (CORPUS[random(CORPUS.length)] ?? '').slice(random(300));
    }
  }
  return result;
}

test(`${String(RUNS)} mutated messages are read, judged and written without an exception, a hang or an invented message`, () => {
  const random = generator(SEED);
  const verdicts = { message: 0, malformed: 0, garbage: 0 };
  let slowestMs = 0;
  for (let i = 0; i < RUNS; i++) {
    const data = Buffer.from(mutate(CORPUS[i % CORPUS.length] ?? '', random), 'latin1');
    const startedMs = performance.now();
    const parsed = parseMessage(data);
    verdicts[parsed.kind] += 1;
    if (parsed.kind === 'message') {
      const { message } = parsed;
      if (message.kind === 'request') refusalOf(message, parsed.declaredLength);
      else responseDefect(message);
      // A message that we forward must be read by others as one message with the same body.
      const again = parseMessage(serialise(message));
      const kept = [...message.headers].filter(({ key }) => key !== 'content-length').length;
      if (again.kind !== 'message' || !again.message.body.equals(message.body) || again.message.headers.size !== kept + 1) {
        throw new Error(`written differently than read: ${JSON.stringify(data.toString('latin1'))}`);
      }
    }
    parseAppMessage(data);
    slowestMs = Math.max(slowestMs, performance.now() - startedMs);
  }
  expect(verdicts.message).toBeGreaterThan(0);
  expect(verdicts.malformed).toBeGreaterThan(0);
  expect(verdicts.garbage).toBeGreaterThan(0);
  // A pattern with catastrophic backtracking would take seconds; the scheduler of a busy machine does not.
  expect(slowestMs).toBeLessThan(1_000);
}, 600_000);

test('a stream cut anywhere gives the same messages', () => {
  const stream = Buffer.from(`\r\n\r\n${CORPUS[1] ?? ''}\r\n${CORPUS[0] ?? ''}\r\n\r\n${CORPUS[1] ?? ''}`);
  const random = generator(SEED);
  for (let run = 0; run < 300; run++) {
    const framer = new StreamFramer(10_000);
    const messages: string[] = [];
    let pings = 0;
    for (let at = 0; at < stream.length;) {
      const end = Math.min(stream.length, at + 1 + random(200));
      const framed = framer.push(stream.subarray(at, end));
      messages.push(...framed.messages.map((message) => message.toString()));
      pings += framed.pings;
      expect(framed.broken).toBeUndefined();
      at = end;
    }
    expect(messages).toEqual([CORPUS[1], CORPUS[0], CORPUS[1]]);
    expect(pings).toBeGreaterThanOrEqual(2);
  }
});

test('frames of an application cut anywhere come out whole, and nonsense is known as such', () => {
  const payloads = ['a|ping', `b|sip||\r\n${'x#'.repeat(5_000)}`, 'c|route|invite'];
  const stream = Buffer.from(payloads.map((payload) => `${String(Buffer.byteLength(payload))}#${payload}`).join(''));
  const random = generator(SEED);
  for (let run = 0; run < 100; run++) {
    const reader = new FrameReader();
    const seen: string[] = [];
    for (let at = 0; at < stream.length;) {
      const end = Math.min(stream.length, at + 1 + random(3_000));
      const got = reader.push(stream.subarray(at, end));
      if (got === 'broken') throw new Error('broken');
      seen.push(...got.map((payload) => payload.toString()));
      at = end;
    }
    expect(seen).toEqual(payloads);
  }
  for (const nonsense of ['0#', 'abc#x', '99999999#', 'GET / HTTP', '-5#hello', '12345678']) {
    expect(new FrameReader().push(Buffer.from(nonsense))).toBe('broken');
  }
});

import { expect, test } from '@jest/globals';
import { nameSource, normaliseTelephoneEvent } from './session-description.js';

const offer = [
  'v=0',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111 0 8 110 126',
  'a=mid:0',
  'a=rtpmap:111 opus/48000/2',
  'a=rtpmap:110 telephone-event/48000',
  'a=rtpmap:126 telephone-event/8000',
  'a=fmtp:126 0-15',
  '',
].join('\r\n');

test('telephone-event/8000 gets payload type 101, in the list and in its lines; the wide-band one stays', () => {
  const sdp = normaliseTelephoneEvent(offer);
  expect(sdp).toContain('m=audio 9 UDP/TLS/RTP/SAVPF 111 0 8 110 101');
  expect(sdp).toContain('a=rtpmap:101 telephone-event/8000');
  expect(sdp).toContain('a=fmtp:101 0-15');
  expect(sdp).toContain('a=rtpmap:110 telephone-event/48000');
});

test('a payload type 101 that means something else is left alone', () => {
  const taken = offer.replace('a=rtpmap:110 telephone-event/48000', 'a=rtpmap:101 speex/8000');
  expect(normaliseTelephoneEvent(taken)).toBe(taken);
});

test('the source is named after the mid, and only one is', () => {
  const once = nameSource(offer, 4_000_000_000);
  expect(once.split('\r\n').indexOf('a=ssrc:4000000000 cname:far')).toBe(once.split('\r\n').indexOf('a=mid:0') + 1);
  expect(nameSource(once, 5).match(/a=ssrc:/g)).toHaveLength(1);
  expect(nameSource(once, null)).toBe(offer);
});

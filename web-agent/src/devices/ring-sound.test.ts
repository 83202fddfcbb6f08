import { expect, test } from '@jest/globals';
import { ringSound } from './ring-sound.js';

test('the ring is a WAV file of the length that its header says', () => {
  const bytes = ringSound([{ hz: 440, ms: 100 }]);
  const view = new DataView(bytes.buffer);
  expect(String.fromCharCode(...bytes.slice(0, 4))).toBe('RIFF');
  expect(view.getUint32(40, true)).toBe(bytes.length - 44);
  expect(view.getUint32(40, true)).toBe(16_000 * 0.1 * 2);
});

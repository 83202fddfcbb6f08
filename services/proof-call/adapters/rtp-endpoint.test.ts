import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { until } from '../../../test/support/until.js';
import { RtpEndpoint } from './rtp-endpoint.js';

const HERTZ = 440;
const WITHIN_MS = 5_000;

let here: RtpEndpoint;
let there: RtpEndpoint;

beforeEach(async () => {
  [here, there] = await Promise.all([RtpEndpoint.open('127.0.0.1'), RtpEndpoint.open('127.0.0.1')]);
  there.play(HERTZ);
  there.sendTo('127.0.0.1', here.port);
});
afterEach(() => {
  for (const each of [here, there]) each.close();
});

test('a tone that ended with its packets is not heard any more, and is heard again when they come again', async () => {
  await here.untilHears(HERTZ, WITHIN_MS);
  there.pause();
  await until(
    async () => here.newest.length,
    (samples) => samples === 0,
    WITHIN_MS,
  );
  await expect(here.untilHears(HERTZ, 100)).rejects.toThrow('did not arrive');
  there.sendTo('127.0.0.1', here.port);
  await here.untilHears(HERTZ, WITHIN_MS);
});

// From the click on Listen to the first 20 ms of somebody's voice at the supervisor's seat, in the whole product with one process a role.
import { listenedCalls } from '../test/support/centre/listened-calls.js';
import { countFrames } from '../test/support/phones/frame-count.js';
import { Stack } from '../test/support/stack.js';
import { percentile, report } from './support/report.js';

const JOINS = 50;
const HEADER_BYTES = 12;
const SILENT_BYTE = 0xd5;

await using stack = await Stack.start({ layout: 'roles' });
const [call] = await listenedCalls(stack, 1);
if (call === undefined) throw new Error('there is no call');
const { sound } = call.supervisor.phone;
const ears = [countFrames(call.caller), countFrames(call.agent.phone)];

const joins: number[] = [];
for (let i = 0; i < JOINS; i += 1) {
  const spoken = new Promise<number>((resolve) => {
    sound.onPacket = (packet) => {
      if (packet.subarray(HEADER_BYTES).some((byte) => byte !== SILENT_BYTE)) resolve(performance.now());
    };
  });
  const clickedAt = performance.now();
  await call.monitor('listen');
  joins.push((await spoken) - clickedAt);
  await call.monitor('stop');
}
report({ what: `listen: click to the first 20 ms of speech, ${JOINS} joins: p50`, value: percentile(joins, 0.5), unit: 'ms' });
report({ what: 'the same: p95', value: percentile(joins, 0.95), unit: 'ms', target: '<= 300 ms' });
const counted = ears.map((ear) => ear());
const sum = (what: 'frames' | 'lost' | 'repeated'): number => counted.reduce((all, each) => all + each[what], 0);
report({ what: 'frames at caller and agent meanwhile', value: sum('frames'), unit: 'frames' });
report({ what: 'of these lost', value: sum('lost'), unit: 'frames', target: '0 frames' });
report({ what: 'of these repeated', value: sum('repeated'), unit: 'frames', target: '0 frames' });
call.caller.hangUp();
for (const { socket, phone } of [call.agent, call.supervisor]) {
  socket.close();
  phone.close();
}
call.caller.close();

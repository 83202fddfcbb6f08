import { expect, test } from '@jest/globals';
import { silentLogger } from '../shared/platform/processes/logger.js';
import { NgLost, NgRefused, type NgClient, type NgReply, type NgRequest } from '../shared/platform/network/rtpengine-ng.js';
import { createAnchors } from './anchors.js';
import { createRevival } from './relays/revival.js';

const SDP =
  'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=sendrecv\r\n';

/** A relay that answers the named command only when it is allowed to, as if the datagram was lost and sent again. */
function relayWith(slow: NgRequest['command'], refused?: NgRequest['command']) {
  const asked: string[] = [];
  const sent: NgRequest[] = [];
  let let_: () => void = () => undefined;
  const late = new Promise<void>((resolve) => (let_ = resolve));
  const client: NgClient = {
    async send(request): Promise<NgReply> {
      const { command } = request;
      asked.push(command);
      sent.push(request);
      if (command === slow) await late;
      if (command === refused) throw new NgRefused(command, 'Not currently playing media');
      return { result: 'ok', sdp: SDP, duration: 1_000 };
    },
    close: () => undefined,
  };
  const anchors = createAnchors({
    relays: new Map([['r1', client]]),
    choose: () => 'r1',
    peers: { allows: () => true, checked: (audio) => audio },
    seatCodec: 'pcma',
    tlsId: () => 'x',
    onLost: () => undefined,
    onStrangers: () => undefined,
    nowMs: () => 0,
    log: silentLogger,
  });
  return { asked, sent, anchors, letIt: () => let_() };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a leg that is released while its offer is under way is deleted after it, not before', async () => {
  const { asked, anchors, letIt } = relayWith('offer');
  const inviting = anchors.invite({ id: 'l1', captured: false });
  await settle();
  const released = anchors.release('l1');
  await settle();
  expect(asked).toEqual(['offer']);
  letIt();
  await inviting;
  await released;
  expect(asked).toEqual(['offer', 'delete']);
});

test('who releases a leg that is being released waits until the relay has deleted it', async () => {
  const { asked, anchors, letIt } = relayWith('delete');
  await anchors.invite({ id: 'l1', captured: false });
  const first = anchors.release('l1');
  let over = false;
  const second = anchors.release('l1').then(() => (over = true));
  await settle();
  expect(over).toBe(false);
  letIt();
  await Promise.all([first, second]);
  expect(asked.filter((command) => command === 'delete')).toHaveLength(1);
});

test('a prompt whose order is slow is not played over what was ordered after it', async () => {
  const { asked, anchors, letIt } = relayWith('play media');
  await anchors.accept({ id: 'c1', kind: 'caller', sdp: SDP });
  const before = asked.length;
  const playing = anchors.play('c1', 'place', 1);
  const stopping = anchors.stopPlay('c1');
  await settle();
  expect(asked.slice(before)).toEqual(['play media']);
  letIt();
  await Promise.all([playing, stopping]);
  // The next `answer` makes the relay store that nothing is blocked any more.
  expect(asked.slice(before)).toEqual(['play media', 'stop media', 'answer']);
});

test('a leg that is joined while its prompt is stopped is described once', async () => {
  const { asked, anchors } = relayWith('list');
  await anchors.accept({ id: 'c1', kind: 'caller', sdp: SDP });
  await anchors.play('c1', 'place', 0);
  const before = asked.length;
  await Promise.all([anchors.stopPlay('c1'), anchors.attach('c1', { address: '127.0.0.1', port: 4_002 })]);
  expect(asked.slice(before)).toEqual(['stop media', 'answer']);
});

test('a leg is pointed elsewhere by one answer, and described whole when the relay refuses it', async () => {
  const { asked, sent, anchors } = relayWith('list');
  await anchors.accept({ id: 'c1', kind: 'caller', sdp: SDP });
  await anchors.attach('c1', { address: '127.0.0.1', port: 4_002 });
  expect(asked).toEqual(['offer', 'answer', 'answer']);
  expect(sent.at(-1)?.sdp).toContain('m=audio 4002 ');
  const other = relayWith('list', 'answer');
  other.anchors.adopt({ ...anchors.export('c1')!, id: 'c2' });
  await expect(other.anchors.attach('c2', { address: '127.0.0.1', port: 4_004 })).rejects.toMatchObject({ command: 'answer' });
  expect(other.asked).toEqual(['answer', 'offer', 'answer']);
});

test('a leg that describes itself anew, and one of an older process, is described whole before it is pointed elsewhere', async () => {
  const { asked, anchors } = relayWith('list');
  await anchors.accept({ id: 'c1', kind: 'caller', sdp: SDP });
  await anchors.reoffer('c1', SDP);
  anchors.adopt({ ...anchors.export('c1')!, id: 'c2', innerOffer: undefined });
  const before = asked.length;
  await anchors.attach('c2', { address: '127.0.0.1', port: 4_002 });
  expect(asked.slice(before)).toEqual(['offer', 'answer']);
});

test('a leg to which keys are to be sent is described anew, once, so that the relay can put them into the sound', async () => {
  const { asked, sent, anchors } = relayWith('list');
  await anchors.accept({ id: 'c1', kind: 'caller', sdp: SDP });
  const before = asked.length;
  expect(await anchors.readyForKeys('c1')).toBe(true);
  await anchors.sendKey('c1', '1');
  expect(await anchors.readyForKeys('c1')).toBe(false);
  expect(asked.slice(before)).toEqual(['offer', 'answer', 'play DTMF']);
  expect(sent.slice(0, before).some(({ flags = [] }) => flags.includes('inject-DTMF'))).toBe(false);
  expect(sent.slice(before, before + 2).every(({ flags = [] }) => flags.includes('inject-DTMF'))).toBe(true);
});

test('the relay writes a leg to the live state with the answer, not with the offer before it', async () => {
  const { sent, anchors } = relayWith('list');
  await anchors.accept({ id: 'c1', kind: 'caller', sdp: SDP });
  await anchors.invite({ id: 'c2', captured: false });
  expect(sent.map(({ command, flags = [] }) => [command, flags.includes('no-redis-update')])).toEqual([
    ['offer', true],
    ['answer', false],
    // This offer also writes the leg: nobody knows when the far end answers.
    ['offer', false],
  ]);
});

test('that a leg is parted from one that ends is not written, unless something else of it is still to be written', async () => {
  const { sent, anchors } = relayWith('list');
  for (const id of ['c1', 'c2']) await anchors.accept({ id, kind: 'caller', sdp: SDP });
  const written = async (order: Promise<void>): Promise<readonly boolean[]> => {
    const before = sent.length;
    await order;
    return sent.slice(before).flatMap(({ command, flags = [] }) => (command === 'answer' ? [!flags.includes('no-redis-update')] : []));
  };
  expect(await written(anchors.pair('c1', 'c2'))).toEqual([true, true]);
  expect(await written(anchors.part('c2', { otherEnds: true }))).toEqual([false]);
  expect(await written(anchors.part('c1'))).toEqual([true]);
  await anchors.pair('c1', 'c2');
  const [stopped, parted] = [anchors.stopPlay('c2'), anchors.part('c2', { otherEnds: true })];
  expect(await written(Promise.all([stopped, parted]).then(() => undefined))).toEqual([true]);
});

test('a leg to which nothing is played is silent already: the refusal of the relay is no failure', async () => {
  const { asked, anchors } = relayWith('list', 'stop media');
  await anchors.accept({ id: 'c1', kind: 'caller', sdp: SDP });
  const before = asked.length;
  await anchors.stopPlay('c1');
  expect(asked.slice(before)).toEqual(['stop media']);
});

test('what still waits for its turn when the leg is released does not make the leg anew', async () => {
  const { asked, anchors, letIt } = relayWith('play media');
  await anchors.accept({ id: 'c1', kind: 'caller', sdp: SDP });
  const before = asked.length;
  const playing = anchors.play('c1', 'place', 1);
  await settle();
  const refused = expect(anchors.attach('c1', { address: '127.0.0.1', port: 4_002 })).rejects.toMatchObject({ code: 'no-such-call' });
  const released = anchors.release('c1');
  letIt();
  await playing;
  await refused;
  await released;
  expect(asked.slice(before)).toEqual(['play media', 'delete']);
});

test.each([
  ['sendonly', SDP.replace('a=sendrecv', 'a=sendonly'), 'a=sendonly'],
  ['inactive', SDP.replace('a=sendrecv', 'a=inactive'), 'a=inactive'],
  ['an address that is taken away', SDP.replace('c=IN IP4 127.0.0.1', 'c=IN IP4 0.0.0.0'), 'a=sendonly'],
])('a party that holds by %s is not missed while it is silent, and nothing is sent there until it is back', async (_how, hold, said) => {
  const { anchors, sent } = relayWith('list');
  await anchors.accept({ id: 'c1', kind: 'caller', sdp: SDP });
  expect(anchors.sending()).toEqual(['c1']);
  await anchors.reoffer('c1', hold);
  expect(anchors.sending()).toEqual([]);
  const offered = sent.findLast(({ command }) => command === 'offer')?.sdp ?? '';
  expect(offered).toContain(said);
  expect(offered).toContain('c=IN IP4 127.0.0.1');
  await anchors.reoffer('c1', SDP);
  expect(anchors.sending()).toEqual(['c1']);
});

/** A relay with three legs that ends over the named command of leg `b`, and answers everything again from then on. */
async function endedOver(deadly: NgRequest['command']) {
  let deaths = 0;
  const sent: NgRequest[] = [];
  const happened: string[] = [];
  const client: NgClient = {
    async send(request): Promise<NgReply> {
      sent.push(request);
      if (request.command === 'list') return { result: 'ok', calls: ['a', 'b', 'c'] };
      if (deaths === 0 && request.command === deadly && request['call-id'] === 'b') {
        deaths += 1;
        throw new NgLost(deadly);
      }
      return { result: 'ok', sdp: SDP, duration: 1_000 };
    },
    close: () => undefined,
  };
  const clients = new Map([['r1', client]]);
  const onLost = (legId: string): void => void happened.push(`lost ${legId}`);
  const anchors = createAnchors({
    relays: clients,
    choose: () => 'r1',
    peers: { allows: () => true, checked: (audio) => audio },
    seatCodec: 'pcma',
    tlsId: () => 'x',
    onLost,
    onStrangers: () => undefined,
    nowMs: () => 0,
    log: silentLogger,
  });
  for (const id of ['a', 'b', 'c']) await anchors.accept({ id, kind: 'caller', sdp: SDP });
  const revival = createRevival({ clients, anchors, onLost, onRevived: (legId) => happened.push(`revived ${legId}`), log: silentLogger });
  async function revive(): Promise<void> {
    await revival.of('r1');
    for (let i = 0; i < 20; i += 1) await settle();
  }
  return { anchors, sent, happened, revive };
}

test('the leg that was being told something when the relay ended is told nothing again; the others go on', async () => {
  const { anchors, sent, happened, revive } = await endedOver('play media');
  await anchors.play('a', 'place', 0);
  await expect(anchors.play('b', 'place', 1)).rejects.toBeInstanceOf(NgLost);
  expect(happened).toEqual(['lost b']);
  const before = sent.length;
  await revive();
  await expect(anchors.play('b', 'place', 1)).rejects.toMatchObject({ code: 'no-such-call' });
  await anchors.release('b');
  await anchors.play('c', 'place', 1);
  expect(happened).toEqual(['lost b', 'revived a', 'revived c']);
  expect(sent.slice(before).filter(({ 'call-id': id }) => id === 'b')).toEqual([]);
});

test('a relay that ends while no leg is told anything, or is only asked, loses none', async () => {
  const { anchors, happened, revive } = await endedOver('query');
  await expect(anchors.ssrcOf('b')).rejects.toBeInstanceOf(NgLost);
  await revive();
  expect(happened).toEqual(['revived a', 'revived b', 'revived c']);
});

test('a leg that the relay had lost and makes anew at other ports is deleted there and given up', async () => {
  let port = 4_000;
  const [commands, lost]: [string[], string[]] = [[], []];
  const anchors = createAnchors({
    relays: new Map([
      [
        'r1',
        {
          async send({ command }: NgRequest): Promise<NgReply> {
            commands.push(command);
            // It was started again without this leg: an answer finds nothing, and an offer makes a new leg (12.5.1.31).
            if (port > 4_000 && command === 'answer' && !commands.slice(-2).includes('offer'))
              throw new NgRefused(command, 'Unknown call-id');
            return { result: 'ok', sdp: SDP.replace('audio 4000', `audio ${port}`) };
          },
          close: () => undefined,
        },
      ],
    ]),
    choose: () => 'r1',
    peers: { allows: () => true, checked: (audio) => audio },
    seatCodec: 'pcma',
    tlsId: () => 'x',
    onLost: (legId) => void lost.push(legId),
    onStrangers: () => undefined,
    nowMs: () => 0,
    log: silentLogger,
  });
  await anchors.accept({ id: 'c1', kind: 'caller', sdp: SDP });
  port = 4_100;
  const before = commands.length;
  await expect(anchors.attach('c1', { address: '127.0.0.1', port: 4_002 })).rejects.toMatchObject({ code: 'media-relay-unavailable' });
  expect(commands.slice(before)).toEqual(['answer', 'offer', 'answer', 'delete']);
  expect(lost).toEqual(['c1']);
  expect(anchors.has('c1')).toBe(false);
});

test('a leg that was abandoned is deleted once its relay answers again', async () => {
  const { asked, anchors } = relayWith('list');
  await anchors.accept({ id: 'c1', kind: 'caller', sdp: SDP });
  anchors.abandon('c1');
  expect([anchors.has('c1'), anchors.isEnding('c1')]).toEqual([false, true]);
  await anchors.releaseAgain(() => false);
  expect(asked).not.toContain('delete');
  await anchors.releaseAgain(() => true);
  expect(asked.filter((command) => command === 'delete')).toHaveLength(1);
  expect(anchors.isEnding('c1')).toBe(false);
});

test('a revived leg to which something was played is taken out of the block that the live state may have, and no other', async () => {
  const { asked, sent, anchors } = relayWith('list', 'stop media');
  for (const id of ['c1', 'c2']) await anchors.accept({ id, kind: 'caller', sdp: SDP });
  await anchors.play('c1', 'place', 1);
  let before = asked.length;
  await anchors.revive('c1');
  expect(asked.slice(before)).toEqual(['stop media', 'play media', 'stop media', 'offer', 'answer']);
  expect(sent[before + 1]?.blob).toMatch(/^RIFF/);
  before = asked.length;
  await anchors.revive('c2');
  expect(asked.slice(before)).toEqual(['stop media', 'offer', 'answer']);
});

test('an offer that fails leaves no leg at a relay that was only slow', async () => {
  const { asked, anchors } = relayWith('list', 'offer');
  await expect(anchors.invite({ id: 'l1', captured: false })).rejects.toBeInstanceOf(NgRefused);
  await settle();
  expect(asked).toEqual(['offer', 'delete']);
});

test('a leg whose first description is under way is not asked for among those of its relay', async () => {
  const { anchors, letIt } = relayWith('offer');
  const accepting = anchors.accept({ id: 'c1', kind: 'caller', sdp: SDP });
  await settle();
  expect(anchors.of('r1')).toEqual([]);
  letIt();
  await accepting;
  expect(anchors.of('r1')).toEqual(['c1']);
});

import { expect, test } from '@jest/globals';
import type { AgentSnapshot, LiveCall } from '../../../services/shared/contracts/calls/commands.js';
import type { OfferedCall, SeatSync } from '../../../services/shared/contracts/calls/seat-socket.js';
import {
  advancePhone,
  currentCall,
  expectsSound,
  hearsRinging,
  isBeforeTalk,
  newPhone,
  isMonitoring,
  type Heard,
  type Phone,
  type PhoneEffect,
  type PhoneEvent,
} from './phone.js';

const agent: AgentSnapshot = { agentId: 'a1', name: 'Li', state: 'ready', since: '2026-03-01T08:00:00.000Z', queues: ['q1'] };
const offer: OfferedCall = {
  callId: 'c1',
  offerId: 'o1',
  queueId: 'q1',
  callerMasked: '138****0002',
  called: '1000',
  waitedMs: 4_000,
  ringForMs: 20_000,
  choices: [],
  autoAnswer: false,
};
const call: LiveCall = {
  callId: 'c1',
  state: 'connected',
  direction: 'inbound',
  callerMasked: '138****0002',
  called: '1000',
  since: '2026-03-01T08:00:00.000Z',
  held: false,
  recording: 'on',
  parties: [],
  callerSsrc: 7,
};

/** Plays events one after another; answers the phone at the end and all effects in order. */
function play(events: readonly PhoneEvent[], from: Phone = newPhone): { phone: Phone; effects: PhoneEffect[] } {
  const effects: PhoneEffect[] = [];
  let phone = from;
  for (const event of events) {
    const step = advancePhone(phone, event);
    phone = step.phone;
    effects.push(...step.effects);
  }
  return { phone, effects };
}

const synced = (sync: SeatSync, atMs: number, asked: Heard = newPhone.heard, again = false): PhoneEvent => ({
  type: 'synced',
  sync,
  asked,
  again,
  atMs,
});

const up: PhoneEvent[] = [{ type: 'link-up' }, synced({ agent, calls: [], serverNowMs: 5_000 }, 4_000), { type: 'line', state: 'up' }];
const kinds = (effects: readonly PhoneEffect[]): string[] => effects.map((effect) => effect.do);

test('a page that comes up asks for all it missed, then opens its line and reports the media', () => {
  const { phone, effects } = play(up);
  expect(kinds(effects)).toEqual(['sync', 'open-line', 'report-media', 'set-mute']);
  expect(phone).toMatchObject({ link: 'up', line: 'up', agent, clockOffsetMs: 1_000 });
});

test('connecting ── offered ──▶ ringing once, even when the offer comes twice', () => {
  const { effects } = play([...up, { type: 'offered', offer, atMs: 1 }, { type: 'offered', offer, atMs: 2 }]);
  expect(kinds(effects).filter((kind) => kind === 'ring')).toHaveLength(1);
});

test('an answered call stops the ring and binds the caller', () => {
  const { phone, effects } = play([...up, { type: 'offered', offer, atMs: 1 }, { type: 'call-changed', call }]);
  expect(phone.offer).toBeNull();
  expect(currentCall(phone)).toEqual(call);
  expect(effects.slice(-2)).toEqual([{ do: 'stop-ringing' }, { do: 'bind-caller', ssrc: 7 }]);
});

test('an automatic answer is asked for with the ring', () => {
  const { effects } = play([...up, { type: 'offered', offer: { ...offer, autoAnswer: true }, atMs: 1 }]);
  expect(effects.at(-1)).toEqual({ do: 'answer', callId: 'c1', offerId: 'o1' });
});

test('an offer that ended elsewhere stops ringing; the end of another offer does not', () => {
  const ringing: PhoneEvent[] = [...up, { type: 'offered', offer, atMs: 1 }];
  expect(play([...ringing, { type: 'offer-ended', callId: 'c1', offerId: 'o9' }]).phone.offer).not.toBeNull();
  const { phone, effects } = play([...ringing, { type: 'offer-ended', callId: 'c1', offerId: 'o1' }]);
  expect(phone.offer).toBeNull();
  expect(effects.at(-1)).toEqual({ do: 'stop-ringing' });
});

test('the end of a ring without an answer, of a call that the page shows, asks what became of the call', () => {
  const talking: readonly PhoneEvent[] = [{ type: 'link-up' }, { type: 'call-answered', call }];
  const end = { type: 'offer-ended', callId: 'c1', offerId: 'o1' } as const;
  expect(play([...talking, { ...end, outcome: 'withdrawn' }]).effects).toContainEqual({ do: 'sync-again' });
  expect(play([...talking, { ...end, outcome: 'answered' }]).effects).not.toContainEqual({ do: 'sync-again' });
});

test('a late answer to a question does not bring an ended call back', () => {
  const end = { callId: 'c1', cause: 'completed', by: 'caller', at: '2026-03-01T08:01:00.000Z' };
  const { phone } = play([...up, { type: 'call-changed', call }, { type: 'call-ended', end }, { type: 'call-answered', call }]);
  expect(phone.calls).toEqual([]);
  expect(phone.lastEnd).toEqual(end);
});

test('a call that was parked and is fetched by the same agent is there again', () => {
  const end = { callId: 'c1', cause: 'parked', by: 'agent', at: '2026-03-01T08:01:00.000Z' };
  const { phone } = play([...up, { type: 'call-changed', call }, { type: 'call-ended', end }, { type: 'call-changed', call }]);
  expect(currentCall(phone)?.callId).toBe('c1');
  expect(phone.lastEnd).toBeNull();
});

test('a call that comes back to the same agent after its end rings and talks again', () => {
  const end = { callId: 'c1', cause: 'seat-lost', by: 'agent', at: '2026-03-01T08:01:00.000Z' };
  const { phone } = play([
    ...up,
    { type: 'call-changed', call },
    { type: 'call-ended', end },
    { type: 'offered', offer: { ...offer, offerId: 'o2' }, atMs: 9 },
    { type: 'call-changed', call },
  ]);
  expect(currentCall(phone)?.callId).toBe('c1');
});

test('hold and back binds the caller again: the source that returns would be silence for the meters', () => {
  const { effects } = play([
    ...up,
    { type: 'call-changed', call },
    { type: 'call-changed', call: { ...call, held: true } },
    { type: 'call-changed', call },
  ]);
  expect(effects.filter((effect) => effect.do === 'bind-caller')).toHaveLength(2);
});

test('in a conference nobody is named as the source: the mixer speaks, and the caller again after it only when the server says so', () => {
  const { callerSsrc: _caller, ...mixed } = { ...call, state: 'conference' as const };
  const { effects } = play([
    ...up,
    { type: 'call-changed', call },
    { type: 'call-changed', call: mixed },
    { type: 'call-changed', call: mixed },
  ]);
  expect(effects.filter((effect) => effect.do === 'bind-caller')).toEqual([
    { do: 'bind-caller', ssrc: 7 },
    { do: 'bind-caller', ssrc: null },
  ]);
});

test('a mute does not outlive its call', () => {
  const end = { callId: 'c1', cause: 'completed', by: 'caller', at: '2026-03-01T08:01:00.000Z' };
  const { phone, effects } = play([...up, { type: 'call-changed', call }, { type: 'mute-toggled' }, { type: 'call-ended', end }]);
  expect(phone.muted).toBe(false);
  expect(effects.at(-1)).toEqual({ do: 'set-mute', muted: false });
});

test('a line that came up before the server told of the seat is reported and bound then, not made anew', () => {
  const { effects } = play([{ type: 'line', state: 'up' }, { type: 'link-up' }, synced({ agent, calls: [call], serverNowMs: 1 }, 1)]);
  expect(kinds(effects).slice(-3)).toEqual(['sync', 'report-media', 'bind-caller']);
  expect(kinds(effects)).not.toContain('rebuild-line');
});

test('what could not be asked while the server was away is no longer said once it is back; a refusal still is', () => {
  const refused = (code: string): string | null =>
    play([
      ...up,
      { type: 'refused', code },
      { type: 'link-lost', atMs: 5 },
      { type: 'link-up' },
      synced({ agent, calls: [], serverNowMs: 9 }, 9),
    ]).phone.problem;
  expect([refused('timed-out'), refused('network'), refused('wrong-state')]).toEqual([null, null, 'wrong-state']);
});

test('the calls that the first answer could not tell of are bound to the line that was there before it', () => {
  const { effects } = play([
    { type: 'line', state: 'up' },
    { type: 'link-up' },
    synced({ agent, calls: null, serverNowMs: 1 }, 1),
    synced({ agent, calls: [call], serverNowMs: 2 }, 2, newPhone.heard, true),
  ]);
  expect(kinds(effects).slice(-3)).toEqual(['report-media', 'sync-again', 'bind-caller']);
});

test('a lost network keeps the call on the screen; its return asks again and rebuilds the line', () => {
  const lost = play([...up, { type: 'call-changed', call }, { type: 'link-lost', atMs: 50 }]);
  expect(lost.phone).toMatchObject({ link: 'lost', linkLostAtMs: 50 });
  expect(currentCall(lost.phone)).toEqual(call);
  const back = play([{ type: 'link-up' }, synced({ agent, calls: [call], serverNowMs: 60 }, 60, lost.phone.heard)], lost.phone);
  expect(kinds(back.effects)).toEqual(['sync', 'rebuild-line']);
});

test('a line that was rebuilt reports its media, keeps the mute and binds the caller', () => {
  const { effects } = play([
    ...up,
    { type: 'call-changed', call },
    { type: 'mute-toggled' },
    { type: 'line', state: 'rebuilding' },
    { type: 'line', state: 'up' },
  ]);
  expect(effects.slice(-3)).toEqual([
    { do: 'report-media', up: true },
    { do: 'set-mute', muted: true },
    { do: 'bind-caller', ssrc: 7 },
  ]);
});

test('(invalid) a superseded page rings no more, opens no line and reports nothing', () => {
  const taken = play([...up, { type: 'call-changed', call }, { type: 'superseded' }]);
  expect(kinds(taken.effects).slice(-2)).toEqual(['stop-ringing', 'close-line']);
  const after = play(
    [
      { type: 'link-up' },
      { type: 'offered', offer, atMs: 1 },
      { type: 'call-changed', call },
      { type: 'line', state: 'up' },
      synced({ agent, calls: [call], serverNowMs: 1 }, 1),
    ],
    taken.phone,
  );
  expect(after.effects).toEqual([]);
  expect(after.phone).toEqual(taken.phone);
});

test('superseded ── take over ──▶ up, by the person alone', () => {
  const { phone, effects } = play([...up, { type: 'superseded' }, { type: 'take-over' }]);
  expect(phone.link).toBe('up');
  expect(effects.at(-1)).toEqual({ do: 'sync' });
});

test('a page that was reloaded while it rang rings on', () => {
  const ringing: LiveCall = { ...call, state: 'offered', part: 'rings', offerId: 'o1' };
  const { phone, effects } = play([{ type: 'link-up' }, synced({ agent, calls: [ringing], serverNowMs: 10 }, 10)]);
  expect(phone.offer).toMatchObject({ callId: 'c1', offerId: 'o1' });
  expect(kinds(effects)).toContain('ring');
  expect(currentCall(phone)).toBeNull();
});

test('a ring that comes while the page asks is not silenced by the older answer; it asks once more', () => {
  const asking = play([{ type: 'link-up' }]);
  const rung = play([{ type: 'offered', offer, atMs: 5 }], asking.phone);
  const late = play([synced({ agent, calls: [], serverNowMs: 9 }, 9, asking.phone.heard)], rung.phone);
  expect(late.phone.offer).toMatchObject({ offerId: offer.offerId });
  expect(kinds(late.effects)).toEqual(['open-line', 'sync-again']);
  const fresh = play([synced({ agent, calls: [], serverNowMs: 10 }, 10, late.phone.heard, true)], late.phone);
  expect(fresh.phone.offer).toBeNull();
  expect(kinds(fresh.effects)).toContain('stop-ringing');
});

test('an answer that is older than the newest state of the agent does not bring the old one back', () => {
  const asking = play(up);
  const away = { ...agent, state: 'away' } as const;
  const told = play([{ type: 'agent-changed', agent: away }], asking.phone);
  expect(play([synced({ agent, calls: [], serverNowMs: 9 }, 9, asking.phone.heard)], told.phone).phone.agent).toEqual(away);
});

test('while telephony cannot be asked the calls stay on the screen and are asked for again, without a new line', () => {
  const talking = play([...up, { type: 'call-changed', call }]);
  const step = play([synced({ agent, calls: null, serverNowMs: 9 }, 9, talking.phone.heard, true)], talking.phone);
  expect(currentCall(step.phone)).toEqual(call);
  expect(kinds(step.effects)).toEqual(['sync-again']);
});

test('a ring that is found by asking is answered by itself where the queue says so, and a second offer of the same call is a new ring', () => {
  const ringing: LiveCall = { ...call, state: 'offered', part: 'rings', offerId: 'o1', autoAnswer: true };
  const first = play([{ type: 'link-up' }, synced({ agent, calls: [ringing], serverNowMs: 10 }, 10)]);
  expect(first.effects).toContainEqual({ do: 'answer', callId: 'c1', offerId: 'o1' });
  const again = play([synced({ agent, calls: [{ ...ringing, offerId: 'o2' }], serverNowMs: 11 }, 11, first.phone.heard)], first.phone);
  expect(again.phone.offer).toMatchObject({ offerId: 'o2' });
  expect(again.effects).toContainEqual({ do: 'answer', callId: 'c1', offerId: 'o2' });
});

test('a refusal is kept for the banner until it was read or something new is asked', () => {
  const refused = play([...up, { type: 'asked', what: 'call:hold' }, { type: 'refused', code: 'wrong-state' }]);
  expect(refused.phone).toMatchObject({ asking: null, problem: 'wrong-state' });
  expect(play([{ type: 'problem-read' }], refused.phone).phone.problem).toBeNull();
});

test('a colleague who is consulted is rung, then beside the call; whoever only listens is in no list', () => {
  const asked: LiveCall = { ...call, agentId: 'other', state: 'consult-ringing', part: 'rings', offerId: 'o5' };
  const ringing = play([{ type: 'link-up' }, synced({ agent, calls: [asked], serverNowMs: 1 }, 1)]);
  expect(ringing.phone.offer).toMatchObject({ offerId: 'o5' });
  expect(currentCall(ringing.phone)).toBeNull();
  // Whatever else rings in that call, a supervisor who listens is in it.
  const listens = play([...up, { type: 'call-changed', call: { ...asked, part: 'listen' } }]);
  expect(currentCall(listens.phone)).toMatchObject({ callId: 'c1' });
  expect([listens.phone.calls.every(isMonitoring), listens.phone.offer]).toEqual([true, null]);
  const told = play([{ type: 'call-changed', call: asked }], ringing.phone);
  expect([told.phone.offer?.offerId, currentCall(told.phone)]).toEqual(['o5', null]);
});

test('a supervisor whose listening is over has left no conversation', () => {
  const end = { callId: 'c1', cause: 'left-conference', by: 'agent', at: '2026-03-01T08:05:00.000Z' };
  const causeAfter = (part: LiveCall['part']): string | undefined =>
    play([...up, { type: 'call-changed', call: { ...call, ...(part === undefined ? {} : { part }) } }, { type: 'call-ended', end }]).phone
      .lastEnd?.cause;
  expect((['listen', 'whisper', 'barge', 'in-charge'] as const).map(causeAfter)).toEqual([
    ...['listening-over', 'listening-over', 'listening-over'],
    'left-conference',
  ]);
});

test.each<[string, Partial<LiveCall>, boolean]>([
  ['dialled, not reached yet', { state: 'calling' }, false],
  ['ringing at the number that was dialled', { state: 'far-ringing' }, true],
  ['ringing at the one to be consulted', { state: 'consult-ringing' }, true],
  ['ringing here, as the one to be consulted', { state: 'consult-ringing', agentId: 'other', part: 'rings', offerId: 'o5' }, false],
  ['hearing what the network there says', { state: 'early-media' }, false],
  ['talking', { state: 'connected' }, false],
])('the ringing tone is heard: %s', (_name, part, heard) => {
  const one: LiveCall = { ...call, agentId: agent.agentId, ...part };
  const { phone } = play([{ type: 'link-up' }, synced({ agent, calls: [one], serverNowMs: 1 }, 1)]);
  expect(hearsRinging(phone)).toBe(heard);
  expect(expectsSound(one)).toBe(part.state === 'connected');
  expect(isBeforeTalk(one)).toBe(!['connected', 'consult-ringing'].includes(one.state));
});

test('why a line could not be set up stays known until one is up', () => {
  const trouble = { stage: 'media', tried: [] } as const;
  const failed = play([{ type: 'link-up' }, { type: 'line', state: 'lost', trouble }, { type: 'line', state: 'connecting' }]);
  expect(failed.phone.lineTrouble).toEqual(trouble);
  expect(play([{ type: 'link-up' }, { type: 'line', state: 'lost', trouble }, { type: 'line', state: 'up' }]).phone.lineTrouble).toBeNull();
});

import type { AgentSnapshot, LiveCall } from '../../../services/shared/contracts/calls/commands.js';
import type { LineTrouble } from './line-trouble.js';
import type { CallEnd, HandedOver, OfferedCall, SeatSync } from '../../../services/shared/contracts/calls/seat-socket.js';

/**
 * The control socket as the seat sees it.
 *
 *     connecting ──▶ up ◀──▶ lost
 *                    └──▶ superseded (another page has the seat; only the person brings it back)
 */
export type LinkState = 'connecting' | 'up' | 'lost' | 'superseded';

/** The seat's one media session. `rebuilding` still carries media on the old session (make-before-break). */
export type LineState = 'off' | 'connecting' | 'up' | 'rebuilding' | 'lost';

export interface RingingCall extends OfferedCall {
  /** Page clock at the ring, so that the card counts without asking. */
  readonly rangAtMs: number;
}

/** Everything that a seat's page knows. The server owns calls and agent state; this is its last report. */
export interface Phone {
  readonly link: LinkState;
  readonly line: LineState;
  /** Why the last line could not be set up; null again once one is up. */
  readonly lineTrouble: LineTrouble | null;
  readonly linkLostAtMs: number | null;
  /** Whether the server has reported anything about this seat. */
  readonly synced: boolean;
  readonly agent: AgentSnapshot | null;
  readonly offer: RingingCall | null;
  readonly calls: readonly LiveCall[];
  readonly muted: boolean;
  readonly lastEnd: CallEnd | null;
  /** The last transfer that this agent made, until the next call. */
  readonly handedOver: HandedOver | null;
  /** Requests without an answer so far; their controls are shown as busy. */
  readonly asking: string | null;
  /** A failure code for the banner. */
  readonly problem: string | null;
  /** Server clock minus page clock. */
  readonly clockOffsetMs: number;
  readonly heard: Heard;
}

/** The number of reports that the server has sent on its own. An answer to `seat:sync` from before the newest report is out of date. */
export interface Heard {
  readonly agent: number;
  readonly calls: number;
}

export const newPhone: Phone = {
  link: 'connecting',
  line: 'off',
  lineTrouble: null,
  linkLostAtMs: null,
  synced: false,
  agent: null,
  offer: null,
  calls: [],
  muted: false,
  lastEnd: null,
  handedOver: null,
  asking: null,
  problem: null,
  clockOffsetMs: 0,
  heard: { agent: 0, calls: 0 },
};

export type PhoneEvent =
  | { readonly type: 'link-up' }
  | { readonly type: 'link-lost'; readonly atMs: number }
  /** `asked`: the reports received when the question was sent; `again`: repeats it because the answer before was incomplete. */
  | { readonly type: 'synced'; readonly sync: SeatSync; readonly asked: Heard; readonly again: boolean; readonly atMs: number }
  | { readonly type: 'superseded' }
  | { readonly type: 'take-over' }
  | { readonly type: 'line'; readonly state: LineState; readonly trouble?: LineTrouble }
  /** The server says that the line is about to end. */
  | { readonly type: 'renewal-asked' }
  | { readonly type: 'offered'; readonly offer: OfferedCall; readonly atMs: number }
  | { readonly type: 'offer-ended'; readonly callId: string; readonly offerId: string; readonly outcome?: string }
  | { readonly type: 'call-changed'; readonly call: LiveCall }
  /** The answer to a question about a call, whose end may have been reported meanwhile. The server's own reports arrive in order. */
  | { readonly type: 'call-answered'; readonly call: LiveCall }
  | { readonly type: 'call-ended'; readonly end: CallEnd }
  | { readonly type: 'handed-over'; readonly transfer: HandedOver }
  | { readonly type: 'agent-changed'; readonly agent: AgentSnapshot }
  | { readonly type: 'mute-toggled' }
  | { readonly type: 'asked'; readonly what: string }
  | { readonly type: 'answered' }
  | { readonly type: 'refused'; readonly code: string }
  | { readonly type: 'problem-read' };

/** The effects of an event that the seat must carry out. */
export type PhoneEffect =
  | { readonly do: 'sync' }
  /** The answer did not contain the calls, or was older than reports received meanwhile. */
  | { readonly do: 'sync-again' }
  | { readonly do: 'open-line' }
  | { readonly do: 'rebuild-line' }
  | { readonly do: 'close-line' }
  | { readonly do: 'report-media'; readonly up: boolean }
  | { readonly do: 'ring'; readonly offer: RingingCall }
  | { readonly do: 'stop-ringing' }
  | { readonly do: 'answer'; readonly callId: string; readonly offerId: string }
  /** `null`: others than the caller are heard, and any speaker is accepted. */
  | { readonly do: 'bind-caller'; readonly ssrc: number | null }
  | { readonly do: 'set-mute'; readonly muted: boolean };

export interface PhoneStep {
  readonly phone: Phone;
  readonly effects: readonly PhoneEffect[];
}

const same = (phone: Phone): PhoneStep => ({ phone, effects: [] });

/** Whether a call only rings at this agent: as an offer of a queue, or because a colleague wants to consult the agent. */
export const isRinging = ({ part }: LiveCall): boolean => part === 'rings';

/** A supervisor's role in a call. */
export const monitoringMode = ({ part }: LiveCall): 'listen' | 'whisper' | 'barge' | undefined =>
  part === 'listen' || part === 'whisper' || part === 'barge' ? part : undefined;

export const isMonitoring = (call: LiveCall): boolean => monitoringMode(call) !== undefined;

/** Before the conversation the server sends no media to the seat, or only early media of the far end's network. */
const beforeTalk: ReadonlySet<string> = new Set(['answering', 'calling', 'far-ringing', 'early-media']);

/** Whether nobody is joined with the agent yet, so that there is nothing to hold, to transfer or to send digits for. */
export const isBeforeTalk = ({ state }: LiveCall): boolean => beforeTalk.has(state);

/** Whether media of the other side should arrive now: not on hold, nor while the notice is playing or the far end rings. */
export const expectsSound = (call: LiveCall): boolean => !call.held && !isBeforeTalk(call) && call.state !== 'consult-ringing';

/** Whether this agent should hear the ringing tone: of the dialled number, or of the party to be consulted. */
export const hearsRinging = (phone: Phone): boolean =>
  phone.offer === null &&
  phone.calls.some(({ agentId, state }) => agentId === selfOf(phone) && (state === 'far-ringing' || state === 'consult-ringing'));

const selfOf = (phone: Phone): string => phone.agent?.agentId ?? '';

/** The call that the controls act on: the one that is not held, else the first. */
export function currentCall(phone: Phone): LiveCall | null {
  return phone.calls.find((call) => !call.held) ?? phone.calls[0] ?? null;
}

/** All decisions of the seat: pure, and an event that does not fit changes nothing (late and crossed messages are normal). */
export function advancePhone(phone: Phone, event: PhoneEvent): PhoneStep {
  const step = decide(phone, event);
  const heard = hearing(step.phone.heard, event);
  return heard === step.phone.heard || step.phone.link === 'superseded' ? step : { ...step, phone: { ...step.phone, heard } };
}

function hearing(heard: Heard, { type }: PhoneEvent): Heard {
  if (type === 'agent-changed') return { ...heard, agent: heard.agent + 1 };
  const ofCalls =
    type === 'offered' || type === 'offer-ended' || type === 'call-changed' || type === 'call-answered' || type === 'call-ended';
  return ofCalls ? { ...heard, calls: heard.calls + 1 } : heard;
}

function decide(phone: Phone, event: PhoneEvent): PhoneStep {
  switch (event.type) {
    case 'link-up':
      if (phone.link === 'superseded') return same(phone);
      return { phone: { ...phone, link: 'up', linkLostAtMs: null }, effects: [{ do: 'sync' }] };
    case 'link-lost':
      if (phone.link === 'superseded' || phone.link === 'lost') return same(phone);
      return { phone: { ...phone, link: 'lost', linkLostAtMs: event.atMs, asking: null }, effects: [] };
    case 'synced':
      return synced(phone, event);
    case 'superseded':
      return {
        phone: { ...phone, link: 'superseded', line: 'off', offer: null, calls: [], asking: null },
        effects: [{ do: 'stop-ringing' }, { do: 'close-line' }],
      };
    case 'take-over':
      return phone.link === 'superseded' ? { phone: { ...phone, link: 'up' }, effects: [{ do: 'sync' }] } : same(phone);
    case 'line':
      return lineChanged(troubled(phone, event), event.state);
    case 'renewal-asked':
      // A line that is being made, or made again, is recent enough.
      return phone.line === 'up' ? { phone, effects: [{ do: 'rebuild-line' }] } : same(phone);
    case 'offered':
      return offered(phone, { ...event.offer, rangAtMs: event.atMs });
    case 'offer-ended':
      // A server that died at the moment of the answer knows nothing, so the state of the call is queried.
      if (event.outcome !== undefined && event.outcome !== 'answered' && phone.calls.some(({ callId }) => callId === event.callId))
        return { phone, effects: [{ do: 'sync-again' }] };
      if (phone.offer?.offerId !== event.offerId) return same(phone);
      return { phone: { ...phone, offer: null }, effects: [{ do: 'stop-ringing' }] };
    case 'call-answered':
      return phone.lastEnd?.callId === event.call.callId ? same(phone) : callChanged(phone, event.call);
    case 'call-changed':
      return callChanged(phone, event.call);
    case 'call-ended':
      return callEnded(phone, event.end);
    case 'handed-over':
      return phone.link === 'superseded' ? same(phone) : same({ ...phone, handedOver: event.transfer });
    case 'agent-changed':
      return same({ ...phone, agent: event.agent });
    case 'mute-toggled':
      return { phone: { ...phone, muted: !phone.muted }, effects: [{ do: 'set-mute', muted: !phone.muted }] };
    case 'asked':
      return same({ ...phone, asking: event.what, problem: null });
    case 'answered':
      return same({ ...phone, asking: null });
    case 'refused':
      return same({ ...phone, asking: null, problem: event.code });
    case 'problem-read':
      return same({ ...phone, problem: null });
  }
}

function synced(phone: Phone, { sync, asked, again, atMs }: Extract<PhoneEvent, { type: 'synced' }>): PhoneStep {
  if (phone.link === 'superseded') return same(phone);
  const effects: PhoneEffect[] = [];
  // The line opens in parallel with the control socket. This reports what could not be reported until now.
  const lineCameFirst = phone.line === 'up' && !phone.synced;
  // A control socket that died may have left a half-open SIP socket behind, which never reports that (RFC 6455 has no liveness check).
  if (phone.line === 'off' || phone.line === 'lost') effects.push({ do: 'open-line' });
  else if (lineCameFirst) effects.push({ do: 'report-media', up: true });
  else if (phone.line === 'up' && !again) effects.push({ do: 'rebuild-line' });
  const agent = phone.agent === null || asked.agent === phone.heard.agent ? sync.agent : phone.agent;
  // Questions that failed while the server was down need no message once it is back.
  const problem = phone.problem === 'network' || phone.problem === 'timed-out' ? null : phone.problem;
  const base: Phone = { ...phone, synced: true, agent, clockOffsetMs: sync.serverNowMs - atMs, asking: null, problem };
  // A ring that arrived meanwhile must not be removed by an answer that did not contain it yet.
  if (sync.calls === null || asked.calls !== phone.heard.calls) return { phone: base, effects: [...effects, { do: 'sync-again' }] };
  const ringing = sync.calls.find(isRinging);
  const known = ringing !== undefined && phone.offer?.callId === ringing.callId && phone.offer.offerId === (ringing.offerId ?? '');
  const offer = ringing === undefined ? null : known ? phone.offer : offerOf(ringing, sync, atMs);
  if (offer === null && phone.offer !== null) effects.push({ do: 'stop-ringing' });
  if (offer !== null && phone.offer !== offer) effects.push(...ring(offer));
  // A ring is an offer and no call yet: its end removes it.
  const next: Phone = { ...base, calls: sync.calls.filter((call) => !isRinging(call)), offer };
  const ssrc = currentCall(next)?.callerSsrc;
  // The line came up before the call was known.
  if (phone.line === 'up' && ssrc !== undefined && currentCall(phone) === null) effects.push({ do: 'bind-caller', ssrc });
  return { phone: next, effects };
}

/** A page that was reloaded while it rang rings on. The server decides how long the ring lasts. */
function offerOf(call: LiveCall, sync: SeatSync, atMs: number): RingingCall {
  return {
    callId: call.callId,
    offerId: call.offerId ?? '',
    queueId: call.queueId ?? '',
    callerMasked: call.callerMasked,
    called: call.called,
    waitedMs: Math.max(0, sync.serverNowMs - Date.parse(call.since)),
    ringForMs: 0,
    choices: [],
    autoAnswer: call.autoAnswer ?? false,
    ...(call.introduction === undefined ? {} : { introduction: call.introduction }),
    rangAtMs: atMs,
  };
}

/** A new attempt keeps the trouble of the last one in sight, so that help does not flicker. */
const troubled = (phone: Phone, { state, trouble }: { readonly state: LineState; readonly trouble?: LineTrouble }): Phone => ({
  ...phone,
  lineTrouble: state === 'up' || state === 'off' ? null : (trouble ?? phone.lineTrouble),
});

function lineChanged(phone: Phone, line: LineState): PhoneStep {
  if (phone.link === 'superseded') return same(phone);
  const effects: PhoneEffect[] = [];
  if (line === 'up') {
    effects.push({ do: 'report-media', up: true }, { do: 'set-mute', muted: phone.muted });
    const ssrc = currentCall(phone)?.callerSsrc;
    if (ssrc !== undefined) effects.push({ do: 'bind-caller', ssrc });
  }
  if (line === 'lost') effects.push({ do: 'report-media', up: false });
  return { phone: { ...phone, line }, effects };
}

function offered(phone: Phone, offer: RingingCall): PhoneStep {
  if (phone.link === 'superseded' || phone.offer?.offerId === offer.offerId) return same(phone);
  const lastEnd = phone.lastEnd?.callId === offer.callId ? null : phone.lastEnd;
  return { phone: { ...phone, offer, lastEnd }, effects: ring(offer) };
}

const ring = (offer: RingingCall): PhoneEffect[] => [
  { do: 'ring', offer },
  ...(offer.autoAnswer ? [{ do: 'answer', callId: offer.callId, offerId: offer.offerId } as const] : []),
];

function callChanged(phone: Phone, call: LiveCall): PhoneStep {
  // A ring has its own messages.
  if (phone.link === 'superseded' || isRinging(call)) return same(phone);
  // Fetched, or listened to again: an agent may return to a call that had ended for this seat.
  const lastEnd = phone.lastEnd?.callId === call.callId ? null : phone.lastEnd;
  const before = phone.calls.find(({ callId }) => callId === call.callId);
  const calls = before === undefined ? [...phone.calls, call] : phone.calls.map((known) => (known.callId === call.callId ? call : known));
  const effects: PhoneEffect[] = [];
  let { offer, muted } = phone;
  if (offer?.callId === call.callId) {
    offer = null;
    effects.push({ do: 'stop-ringing' });
  }
  // A mute left over from the last call would silence the agent for the next caller.
  if (before === undefined && muted) {
    muted = false;
    effects.push({ do: 'set-mute', muted: false });
  }
  const resumed = before?.held === true && !call.held;
  if (call.callerSsrc !== undefined && !call.held && (resumed || call.callerSsrc !== before?.callerSsrc))
    effects.push({ do: 'bind-caller', ssrc: call.callerSsrc });
  if (call.callerSsrc === undefined && before?.callerSsrc !== undefined && !call.held) effects.push({ do: 'bind-caller', ssrc: null });
  // The outcome of the previous transfer is shown until the next call.
  const handedOver = before === undefined ? null : phone.handedOver;
  return { phone: { ...phone, calls, offer, muted, lastEnd, handedOver }, effects };
}

function callEnded(phone: Phone, end: CallEnd): PhoneStep {
  if (phone.link === 'superseded') return same(phone);
  const rang = phone.offer?.callId === end.callId;
  const calls = phone.calls.filter(({ callId }) => callId !== end.callId);
  const listened = phone.calls.some((call) => call.callId === end.callId && isMonitoring(call));
  const effects: PhoneEffect[] = rang ? [{ do: 'stop-ringing' }] : [];
  let { muted } = phone;
  if (muted && calls.length === 0) {
    muted = false;
    effects.push({ do: 'set-mute', muted: false });
  }
  return {
    phone: { ...phone, calls, offer: rang ? null : phone.offer, lastEnd: listened ? { ...end, cause: 'listening-over' } : end, muted },
    effects,
  };
}

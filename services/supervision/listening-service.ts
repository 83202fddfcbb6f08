import type { CommandBus, LiveCall } from '../shared/contracts/calls/commands.js';
import { CallCentreError } from '../shared/domain/failure.js';
import type { Intervention, ListeningReason } from '../shared/domain/calls/listening.js';
import type { EventBus, EventOf } from '../shared/events/catalogue.js';
import type { Audit } from '../shared/platform/http/route.js';
import { acknowledgementState, type Listening, type ListeningPart, type ListeningRule } from './listening.js';
import type { AcknowledgementStore, ListeningStore, RuleStore } from './ports.js';
import type { AgentId, CallId } from '../shared/domain/ids.js';

export interface ListeningRequest {
  readonly callId: CallId;
  readonly listenerId: string;
  readonly mode: Intervention;
  readonly reason?: ListeningReason | undefined;
  readonly note: string;
  /** The address of the page, for the audit log. */
  readonly from: string;
}

export interface ListeningService {
  /**
   * The only way for a supervisor to join a call, change the mode or take over: by the rule of the site, and never without the rows about
   * it.
   */
  intervene(request: ListeningRequest): Promise<void>;
  /** Leaves the call; no rule can prevent that. */
  leave(request: Pick<ListeningRequest, 'callId' | 'listenerId' | 'from'>): Promise<void>;
  /** A mode has ended. */
  listened(event: EventOf<'call.listened'>): Promise<void>;
}

export interface ListeningNeeds {
  readonly rules: RuleStore;
  readonly acknowledgements: AcknowledgementStore;
  readonly listenings: ListeningStore;
  readonly commands: CommandBus;
  readonly bus: Pick<EventBus, 'publish'>;
  readonly audit: Audit;
  readonly newId: () => string;
  readonly now: () => Date;
}

/** The largest difference between the clocks of telephony and of this process. */
const SKEW_MS = 2_000;

/** A shorter note carries no information. */
const LEAST_NOTE = 3;

export function createListeningService(needs: ListeningNeeds): ListeningService {
  const { rules, listenings, commands, bus, audit, newId, now } = needs;

  /** The row is written before the act, and removed if telephony refuses. */
  async function begin(request: ListeningRequest, call: LiveCall): Promise<void> {
    const { callId, listenerId, mode, reason, note } = request;
    const { agentId, queueId, called } = call;
    const rule = await rules.read();
    if (agentId === undefined) throw new CallCentreError('wrong-state', 'No agent is in charge of this call now.');
    if (rule.withoutAcknowledgement === 'refuse') await mustHaveAcknowledged(needs, rule, agentId);
    const row: Listening = {
      id: newId(),
      callId,
      listenerId,
      agentId,
      called,
      ...(queueId === undefined ? {} : { queueId }),
      ...(reason === undefined ? {} : { reason }),
      ...(note === '' ? {} : { note }),
      notice: rule.notice,
      beganAt: now(),
      parts: [],
    };
    await listenings.put(row);
    await commands
      .send('call.monitor', { callId, agentId: listenerId, mode, secret: rule.notice !== 'at-once' })
      .catch(async (error: unknown) => {
        // When the answer did not come in time, the act may still have happened: its row stays.
        if (error instanceof CallCentreError && error.code !== 'timed-out') await listenings.remove(row.id);
        throw error;
      });
  }

  return {
    async intervene(request) {
      const { callId, listenerId, mode, reason, note, from } = request;
      const [all, own] = await Promise.all([commands.send('calls.live', {}), commands.send('calls.live', { agentId: listenerId })]);
      const call = all.find((each) => each.callId === callId);
      if (call === undefined) throw new CallCentreError('no-such-call', 'This call has ended.');
      const isIn = own.some((each) => each.callId === callId && each.part !== undefined);
      if (!isIn && (reason === undefined || (reason === 'other' && note.length < LEAST_NOTE)))
        throw new CallCentreError('reason-required', 'Listening needs a reason.');
      const why = [mode, ...(reason === undefined ? [] : [reason]), ...(note === '' ? [] : [note])].join(' · ');
      // No listening without its audit row: if the log does not accept it, the act is refused.
      await audit({ who: listenerId, what: 'call.monitored', object: `call:${callId}`, from, success: true, reason: why });
      if (mode === 'take-over') await commands.send('call.monitor', { callId, agentId: listenerId, mode });
      // A supervisor who leaves the call at this moment, from another page, is not let in again without the rule.
      else if (isIn) await commands.send('call.monitor', { callId, agentId: listenerId, mode, changes: true });
      else await begin(request, call);
    },
    async leave({ callId, listenerId, from }) {
      await commands.send('call.monitor', { callId, agentId: listenerId, mode: 'stop' });
      await audit({ who: listenerId, what: 'call.monitored', object: `call:${callId}`, from, success: true, reason: 'stop' });
    },
    async listened(event) {
      const { callId, agentId, listenedAgentId, mode, beganAt, seconds, next, at } = event;
      await audit({
        who: agentId,
        what: 'call.listened',
        object: `call:${callId}`,
        success: true,
        reason: [mode, `${seconds} s`, listenedAgentId, ...(next === undefined ? [] : [`→ ${next}`])].join(' · '),
        after: { listenedAgentId, mode, beganAt, seconds, next },
        once: true,
      });
      const row = await rowOf(event);
      const part: ListeningPart = { mode, agentId: listenedAgentId, beganAt: new Date(beganAt), seconds };
      await listenings.addPart(row.id, part, next === undefined ? new Date(at) : undefined);
      if (next !== undefined || row.notice !== 'afterwards') return;
      const listened = new Set([...row.parts, part].map((each) => each.agentId));
      for (const each of listened) await bus.publish('listening.noted', { at, agentId: each });
    },
  };

  /**
   * A listening without a row (it began in an installation that had none) gets one here. A person who has left and listens to the call
   * again already has a second row when the end of the first listening arrives: that end belongs to the row that had begun before it.
   */
  async function rowOf({ callId, agentId, listenedAgentId, beganAt }: EventOf<'call.listened'>): Promise<Listening> {
    const found = await listenings.newest(callId, agentId, new Date(Date.parse(beganAt) + SKEW_MS));
    if (found !== undefined) return found;
    const row: Listening = {
      id: newId(),
      callId,
      listenerId: agentId,
      agentId: listenedAgentId,
      notice: 'at-once',
      beganAt: new Date(beganAt),
      parts: [],
    };
    await listenings.put(row);
    return row;
  }
}

async function mustHaveAcknowledged({ acknowledgements, now }: ListeningNeeds, rule: ListeningRule, agentId: AgentId): Promise<void> {
  const last = await acknowledgements.last([agentId]);
  if (acknowledgementState(last.get(agentId), rule, now()) !== 'valid')
    throw new CallCentreError('not-acknowledged', 'This agent has not acknowledged the listening rule.');
}

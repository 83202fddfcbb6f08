import { asPermit } from '../../../services/shared/domain/calls/dial-permit.js';
import type { Flow } from '../../../services/shared/contracts/calls/flow.js';
import type { Call, Connected, DialledLeg, Stage } from '../../../services/calls/machine/call.js';
import { dialledLeg } from '../../../services/calls/dialling/dialled-legs.js';

/** Anna and the caller, nobody else. */
export const connected: Connected = {
  kind: 'connected',
  agentId: 'anna',
  held: false,
  away: false,
  consult: undefined,
  parties: [],
  mixed: false,
};

/** An answered, recorded call from outside, in any stage: for table tests of the decisions. */
export const exampleCall = (flow: Flow, stage: Stage, changes: Partial<Call> = {}): Call => ({
  id: 'c1',
  direction: 'inbound',
  trunkId: 't1',
  callerNumber: '13800000001',
  callerMasked: '138****0001',
  called: '4001000',
  language: 'zh-CN',
  flow,
  flowVersion: 1,
  open: true,
  stage,
  notice: 'done',
  answered: true,
  ledgerNumber: 7,
  media: undefined,
  choices: [],
  queueId: 'service',
  waitingSinceMs: 500,
  avoid: [],
  recording: 'on',
  lastAgentId: undefined,
  history: [],
  turn: 3,
  ...changes,
});

/** A permit as the gate would give it. */
export const examplePermit = asPermit({
  permitId: 'p1',
  way: 'transfer',
  trunkId: 'carrier',
  from: '4001000',
  number: '10010',
  numberMasked: '10**0',
  numberHash: 'h',
  consentId: undefined,
  longestMs: 3_600_000,
});

/** A third party outside who has heard the notice. */
export const heardLeg = (legId: string, changes: Partial<DialledLeg> = {}): DialledLeg => ({
  ...dialledLeg(legId, examplePermit, 600),
  answeredAtMs: 700,
  noticeEndedAtMs: 800,
  ...changes,
});

import { isDeepStrictEqual } from 'node:util';
import { Flow, type ServiceNumber, type Trunk } from '../../shared/contracts/calls/flow.js';
import { unlessChangedMeanwhile } from '../../shared/platform/stores/edits.js';
import type { NumberStore } from './mongo-numbers.js';

const DEMO_FLOW: Flow = {
  noticePromptId: 'notice',
  noticeMode: 'before-queue',
  start: 'service',
  steps: {
    service: {
      kind: 'queue',
      queueId: 'service',
      priority: 0,
      skills: {},
      maxWaitMs: 900_000,
      announce: { everyMs: 45_000, position: true, wait: false, promptId: 'please-wait' },
    },
  },
  survey: {
    questions: [
      { id: 'score', promptId: 'survey-score', keys: ['1', '2', '3', '4', '5'] },
      { id: 'solved', promptId: 'survey-solved', keys: ['1', '2'] },
    ],
    waitMs: 8_000,
    thanksPromptId: 'survey-thanks',
  },
  musicPromptId: 'music',
};

export const demoNumber: ServiceNumber = {
  number: '4001000',
  name: '客服',
  status: 'in-service',
  language: 'zh-CN',
  flowVersion: 1,
  flow: DEMO_FLOW,
  testCallers: [],
};

/** The number for test calls: notice, queue and seat, and nothing else that takes time. */
const PROOF_NUMBER: ServiceNumber = {
  number: '9990',
  name: '拨测',
  status: 'in-service',
  language: 'zh-CN',
  flowVersion: 1,
  flow: {
    noticePromptId: 'notice',
    noticeMode: 'while-ringing',
    start: 'proof',
    steps: { proof: { kind: 'queue', queueId: 'proof', priority: 0, skills: {}, maxWaitMs: 30_000 } },
    musicPromptId: 'music',
  },
  testCallers: [],
};

/** A softphone on this machine is a caller of the demo: a trunk like any other, whose caller numbers are not trusted. */
const demoTrunk: Trunk = {
  id: 'local',
  name: '本机',
  carrier: '',
  addresses: ['127.0.0.1'],
  trustsIdentity: false,
  permittedCallerNumbers: [demoNumber.number],
  enabled: true,
};

/**
 * Creates what test calls need, where it is missing, and restores it where an earlier version let somebody change it. The first start of a
 * demo also creates a trunk and a service number; they are not created again after they have been deleted.
 */
export async function seedCalls(
  store: Pick<NumberStore, 'sealPasswords' | 'numbers' | 'saveTrunk' | 'saveNumber' | 'addFlow'>,
  { demo }: { readonly demo: boolean },
): Promise<void> {
  await store.sealPasswords();
  const known = await store.numbers();
  if (demo && known.length === 0) {
    await store.saveTrunk(demoTrunk, undefined, 'system:seed');
    await save(demoNumber);
  }
  const ofTests = known.find(({ number }) => number === PROOF_NUMBER.number);
  if (ofTests === undefined) await save(PROOF_NUMBER);
  else if (!isAsMade(ofTests)) await unlessChangedMeanwhile(store.saveNumber(PROOF_NUMBER, ofTests, 'system:seed'));

  async function save(number: ServiceNumber): Promise<void> {
    await store.saveNumber(number, undefined, 'system:seed');
    await store.addFlow({
      _id: `${number.number}@1`,
      number: number.number,
      version: 1,
      flow: number.flow,
      savedAt: new Date(),
      savedBy: 'system:seed',
      note: '',
    });
  }
}

/** A number that is closed for an emergency is as it was made, and stays closed. */
const isAsMade = ({ flow, status }: ServiceNumber): boolean =>
  (status === 'in-service' || status === 'closed') && isDeepStrictEqual(Flow.parse(flow), Flow.parse(PROOF_NUMBER.flow));

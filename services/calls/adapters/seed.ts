import type { Connection } from 'mongoose';
import type { Flow, ServiceNumber } from '../../shared/contracts/flow.js';
import type { Logger } from '../../shared/platform/logger.js';
import { createNumberStore } from './mongo-numbers.js';

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

/** A first number and a trunk from this machine, when there are none at all. */
export async function seedCalls(mongo: Connection, { demo, log }: { readonly demo: boolean; readonly log: Logger }): Promise<void> {
  if (!demo) return;
  const store = createNumberStore(mongo, log);
  if ((await store.trunks()).length === 0)
    await store.saveTrunk({
      id: 'local',
      name: '本机',
      carrier: '',
      addresses: ['127.0.0.1'],
      trustsIdentity: true,
      permittedCallerNumbers: [demoNumber.number],
      enabled: true,
    });
  if ((await store.numbers()).length > 0) return;
  await store.saveNumber(demoNumber);
  await store.addFlow({
    _id: `${demoNumber.number}@1`,
    number: demoNumber.number,
    version: 1,
    flow: DEMO_FLOW,
    savedAt: new Date(),
    savedBy: 'system:seed',
    note: '',
  });
}

import type { AgentId } from './ids.js';
import type { Words } from './language.js';

/** Ids that only test calls use. Nobody sits at the seat, and it is in no other queue: the id of a person never contains a colon. */
export const PROOF_AGENT = 'system:proof-seat';
/** The seat that tests a trunk, and that a test call over a real trunk starts from. */
export const TEST_AGENT = 'system:test-seat';
/** The seats that connect through the door of test calls. */
export const isSystemSeat = (agentId: AgentId): boolean => agentId === PROOF_AGENT || agentId === TEST_AGENT;
/** An id with a colon belongs to a part of the system. */
export const isPerson = (agentId: AgentId): boolean => !agentId.includes(':');
export const PROOF_NUMBER = '9990';
/** The queue of test calls: nobody in it talks, so no caller may get there. */
export const PROOF_QUEUE = 'proof';

export const proofOrigins: Readonly<Record<string, Words>> = {
  button: { zh: '页面', en: 'page' },
  command: { zh: '命令', en: 'command' },
  canary: { zh: '自动', en: 'automatic' },
};

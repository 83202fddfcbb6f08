import { randomUUID } from 'node:crypto';
import type { CallRecords } from '../agent/application.js';
import type { SipMessage } from '../message/message.js';
import { serialise } from '../message/serialise.js';
import type { Clients } from './clients.js';
import { timeOfDay } from './leader.js';

/** Gives each record to one of the clients that asked for its kind with `route|cdr:...`, if there is one. */
export function callRecords(clients: Clients): CallRecords {
  const give = (kind: 'attempt' | 'start' | 'stop', message: SipMessage, ...tokens: readonly string[]): void => {
    const verb = `cdr:${kind}`;
    const client = clients.next(verb);
    if (!client) return;
    const [source = '', ...rest] = tokens;
    client.send([randomUUID(), verb, source, timeOfDay(Date.now()), ...rest].join('|'), serialise(message));
  };
  return {
    attempt: (source, message) => {
      give('attempt', message, source);
    },
    start: (source, role, message) => {
      give('start', message, source, role);
    },
    stop: (source, reason, message) => {
      give('stop', message, source, reason);
    },
  };
}

import { digitOf } from '../../../services/signalling/adapters/info-digits.js';
import type { Edge } from './edge.js';

const DIGITS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '#'];
/** Event codes of RFC 4733 section 3.2. */
const EVENTS: Readonly<Record<string, string>> = { '*': '10', '#': '11' };

export const infoDigits: Edge = {
  name: 'digits by INFO',
  sentence: 'Digits that a carrier sends by INFO (application/dtmf-relay, application/dtmf) count as pressed (docs/calls.md).',
  async run(random) {
    for (let count = random.int(1, 8); count > 0; count -= 1) {
      const digit = random.pick(DIGITS);
      const written = random.chance(0.2) ? (EVENTS[digit] ?? digit) : digit;
      const gap = random.pick(['', ' ']);
      const [type, body] = random.pick([
        ['application/dtmf-relay', `Signal${gap}=${gap}${written}\r\nDuration${gap}=${gap}${random.int(40, 400)}\r\n`],
        ['Application/DTMF-Relay; charset=utf-8', `Duration=160\r\nSignal=${written}\r\n`],
        ['application/dtmf', `${gap}${written}${gap}`],
      ] as const);
      const read = digitOf(type, body);
      if (read !== digit) return `${digit} as ${type} is read as ${read ?? 'nothing'}`;
    }
    return undefined;
  },
};

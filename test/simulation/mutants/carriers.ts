import { mutant, type Mutant } from './mutant.js';

export const carriers: readonly Mutant[] = [
  mutant(
    'the second server of a carrier is never tried',
    'carriers',
    'services/signalling/attempt.ts',
    'ways.order(trunk).slice(0, MOST_SERVERS)',
    'ways.order(trunk).slice(0, 1)',
  ),
  mutant(
    'a carrier that says nothing is never asked whether it is there',
    'carriers',
    'services/signalling/attempt.ts',
    'isThere: () => ways.answers(trunk.id, target.uri, ANSWER_WITHIN_MS)',
    'isThere: () => Promise.resolve(true)',
  ),
  mutant(
    'a carrier of which nothing was ever heard is waited for to the end',
    'carriers',
    'services/signalling/attempt.ts',
    'const NOTHING_HEARD_MS = 8_000;',
    'const NOTHING_HEARD_MS = 60_000;',
  ),
  mutant(
    'a trunk that is back refuses calls until OPTIONS are due',
    'carriers',
    'services/signalling/ways.ts',
    'return !answered.includes(true);',
    'return answered.length > 0;',
  ),
  mutant(
    'a server that is known to be silent is tried first',
    'carriers',
    'services/signalling/ways.ts',
    '.toSorted((a, b) => isDown(a.uri) - isDown(b.uri));',
    '.toSorted((a, b) => isDown(b.uri) - isDown(a.uri));',
  ),
  mutant(
    'a trunk that is known to be away is waited for',
    'carriers',
    'services/signalling/dialler.ts',
    'const isPassedOver = mayMoveOn && !isLastResort && ways.areDown(trunk);',
    'const isPassedOver = false;',
  ),
  mutant(
    'a leg goes over no other trunk',
    'carriers',
    'services/calls/dialling/dial-over-trunks.ts',
    'if (found === undefined || signal.aborted) throw failure;',
    'if (found !== undefined || signal.aborted) throw failure;',
  ),
  mutant(
    'a trunk carries a call more than was agreed upon',
    'carriers',
    'services/signalling/trunks/trunk-load.ts',
    'entry.settingUp + talking(id) >= channels',
    'entry.settingUp + talking(id) > channels',
  ),
  mutant(
    'the channel of a call that was set up stays taken',
    'carriers',
    'services/signalling/dialler.ts',
    'call, digits).finally(setUp);',
    'call, digits);',
  ),
];

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
    'a silent carrier is never probed',
    'carriers',
    'services/signalling/attempt.ts',
    'isThere: () => ways.answers(trunk.id, target.uri, ANSWER_WITHIN_MS)',
    'isThere: () => Promise.resolve(true)',
  ),
  mutant(
    'a call waits the full time for a carrier that has never answered',
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
    'a call waits for a trunk that is known to be down',
    'carriers',
    'services/signalling/dialler.ts',
    'const isPassedOver = mayMoveOn && !isLastResort && ways.areDown(trunk);',
    'const isPassedOver = false;',
  ),
  mutant(
    'a leg never takes another trunk',
    'carriers',
    'services/calls/dialling/dial-over-trunks.ts',
    'if (found === undefined || signal.aborted) throw failure;',
    'if (found !== undefined || signal.aborted) throw failure;',
  ),
  mutant(
    'a trunk carries one call more than agreed',
    'carriers',
    'services/signalling/trunks/trunk-load.ts',
    'entry.settingUp + talking(id) >= channels',
    'entry.settingUp + talking(id) > channels',
  ),
  mutant(
    'the channel of a connected call is never released',
    'carriers',
    'services/signalling/dialler.ts',
    'call, digits).finally(setUp);',
    'call, digits);',
  ),
];

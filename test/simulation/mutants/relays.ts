import { mutant, type Mutant } from './mutant.js';

const MEDIA = 'services/media/index.ts';
const ANCHORS = 'services/media/anchors.ts';
const BOOK = 'services/media/legs/leg-book.ts';
const RELAYS = 'services/media/relays/relays.ts';
const REVIVAL = 'services/media/relays/revival.ts';
const MEMORY = 'services/media/relays/relay-memory.ts';

const relay = (name: string, file: string, find: string, replace: string): Mutant => mutant(name, 'relays', file, find, replace);

/** Relays that die, hang, move to their partner and come back (test/simulation/edges/relays). */
export const relayFaults: readonly Mutant[] = [
  relay('a leg whose first description is under way counts as lost', ANCHORS, ' && anchor.outer !== undefined)', ')'),
  relay(
    'a leg that was deleted while the live state was away comes back and stays',
    REVIVAL,
    '(knowsLeft ? drop(relay, calls) : undefined)',
    'undefined',
  ),
  relay(
    'a partner that began with its relay is taken for it',
    RELAYS,
    'to > from && to - from <= sent + MOST_ASKED_BY_OTHERS',
    'to > from',
  ),
  relay('a relay that dies in its first seconds counts as the same', RELAYS, 'to > from && to - from', 'to - from'),
  relay('a relay is known by the count of its answers alone', RELAYS, '(areApart(started, before) || ', '('),
  relay('a relay that was started again is not asked for its legs', RELAYS, 'await onRestart(relay);', ''),
  relay('what a new relay has of a leg is taken for right', REVIVAL, 'await anchors.revive(legId);', ''),
  relay(
    'the calls of a relay are given up as soon as it is silent',
    RELAYS,
    'const LOST_AFTER_MS = 10_000;',
    'const LOST_AFTER_MS = 1_000;',
  ),
  relay('the calls of a relay that stays away go on in silence', RELAYS, 'const LOST_AFTER_MS = 10_000;', 'const LOST_AFTER_MS = 1e9;'),
  relay('a silent relay gets new calls', RELAYS, '.filter(([, state]) => state.up)', ''),
  relay('a relay that is back gets no calls', RELAYS, '      state.up = true;\n', ''),
  relay('legs that were given up stay at a relay that is back', MEDIA, 'anchors.abandon(id);', 'anchors.forget(id);'),
  relay(
    'a command for a leg goes to another relay',
    BOOK,
    'const reply = await ng(anchor.relay)',
    "const reply = await ng([...relays.keys()].at(-1) ?? '')",
  ),
  relay('a revived party hears only what is no longer played', ANCHORS, 'if (anchor.played !== true) return false;', 'return false;'),
  relay('what a partner has played goes on under the conversation', ANCHORS, '      await inTurn(anchor, () => silence(anchor));\n', ''),
  relay(
    'a leg whose offer failed stays at a relay that was only slow',
    ANCHORS,
    '        // A relay that was only slow makes the leg all the same.\n        void release(id).catch(() => undefined);\n',
    '        anchors.delete(id);\n',
  ),
  relay('legs of an earlier process that nobody has stay at the relay', REVIVAL, '      await drop(relay, await listOf(relay));\n', ''),
  relay('legs are not stated again after an outage of the live state', MEMORY, 'await restateAll();', ''),
  relay('legs are stated again before their relay writes again', MEMORY, '!writesAgain() || ', ''),
  relay('the next process does not see to what the live state lacks', MEDIA, 'if (anchors.adopted().length > 0) memory.lost();', ''),
];

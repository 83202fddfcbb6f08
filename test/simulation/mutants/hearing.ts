import { edit, mutant, type Mutant } from './mutant.js';

export const hearing: readonly Mutant[] = [
  {
    name: 'an announcement goes on into the conversation',
    profile: 'calm',
    edits: [
      edit('services/calls/media/caller-ear.ts', '      before?.cancel();\n', ''),
      edit(
        'services/calls/media/caller-ear.ts',
        '    const next = async (index: number): Promise<void> => {\n      if (ears.get(legId) !== turn) return;\n',
        '    const next = async (index: number): Promise<void> => {\n',
      ),
      edit('services/calls/media/caller-ear.ts', '      if (ears.get(legId) !== turn) return;\n      turn.cancel', '      turn.cancel'),
    ],
  },
  mutant(
    'a waiting caller hears silence after a prompt',
    'calm',
    'services/calls/media/media-plan.ts',
    'return alone(noticeElse(call, prompts === undefined ? music(call) : speech',
    'return alone(noticeElse(call, prompts === undefined ? SILENCE : speech',
  ),
  mutant(
    'a caller hears the agent while a colleague rings',
    'transfers',
    'services/calls/media/media-plan.ts',
    '  if (consult !== undefined)\n    return consult.state',
    "  if (consult?.state === 'talking')\n    return consult.state",
  ),
  mutant(
    'a caller hears the consultation of a conference',
    'conferences',
    'services/calls/media/media-plan.ts',
    'boolean => held || consult !== undefined;',
    'boolean => held;',
  ),
  mutant(
    'nothing is heard while the seat is away',
    'network',
    'services/calls/media/media-plan.ts',
    '  if (stage.away) return alone(COMFORT);\n',
    '',
  ),
  {
    name: 'a listener is heard',
    profile: 'conferences',
    all: true,
    edits: [
      edit(
        'services/calls/machine/step.ts',
        ".filter(({ role, away }) => role === 'talk' && away !== true)",
        '.filter(({ away }) => away !== true)',
      ),
    ],
  },
  {
    name: 'a whisper reaches the caller',
    profile: 'conferences',
    all: true,
    edits: [
      edit(
        'services/calls/media/media-plan.ts',
        '{ [CALLER]: callerOut ? [] : talking.filter((party) => party !== CALLER) }',
        '{ [CALLER]: callerOut ? [] : [...whisperers, ...talking.filter((party) => party !== CALLER)] }',
      ),
    ],
  },
  mutant(
    'a parked caller hears silence',
    'transfers',
    'services/calls/media/media-plan.ts',
    "    case 'parked':\n      return alone(music(call));",
    "      return alone(music(call));\n    case 'parked':\n      return alone(SILENCE);",
  ),
  mutant(
    'rooms are not made again in a new mixer',
    'night',
    'services/calls/calls-service.ts',
    "      stops.push(await bus.follow(mixerStarted, { ...unhurried, only: ['mixer.started'] }));\n",
    '',
  ),
  mutant(
    'a seat that reconnects is not joined again',
    'network',
    'services/calls/running/call-parts.ts',
    '    controller.rejoin(agentId);\n',
    '',
  ),
  mutant(
    'the rooms of ended calls stay in the mixer',
    'conferences',
    'services/calls/media/media-director.ts',
    'if (actual?.roomOpen ?? wasMixed(call)) await rooms.close(callId);',
    '',
  ),
  mutant(
    'a call goes on whose media the relay has lost',
    'night',
    'services/calls/media/media-news.ts',
    "    if (seats.legLost(legId)) return;\n    legGone(legId, 'media-failure');",
    '    seats.legLost(legId);',
  ),
  mutant(
    'who joins a room again is taken out by the mixer',
    'rare',
    'services/calls/media/mixer-rooms.ts',
    '        await actual.leaving.get(partyId);\n',
    '',
  ),
  mutant(
    'a listener moves the call into the mixer',
    'conferences',
    'services/calls/stages/conversation.ts',
    "mixed: stage.mixed || event.mode !== 'listen'",
    'mixed: true',
  ),
  mutant(
    'a copy outlives its listener',
    'conferences',
    'services/calls/media/media-director.ts',
    'if (copied.length > 0 || rooms.hasCopies(actual))',
    'if (copied.length > 0)',
  ),
  mutant(
    'the copies of the process before go on beside those of the next',
    'night',
    'services/calls/running/taking-over.ts',
    '    void director.endOtherCopies([...left.calls, ...left.seats].flatMap(legsLeft));\n',
    '',
  ),
  mutant(
    'a listener is given no copies in a new mixer',
    'night',
    'services/calls/media/mixer-rooms.ts',
    '    copies.forget(actual);\n',
    '',
  ),
];

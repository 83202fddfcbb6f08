import { mutant, type Mutant } from './mutant.js';

export const records: readonly Mutant[] = [
  mutant(
    'parked and queued time counts as talk',
    'transfers',
    'services/calls/record.ts',
    "    if (what === 'parked' || what === 'queued' || (what === 'transferred' && detail === 'number')) closeAll(atMs);\n    else if",
    '    if',
  ),
  mutant(
    'agents of a conference have no talk',
    'conferences',
    'services/calls/record.ts',
    "  (what === 'party-joined' && (detail === 'conference' || detail === 'barge'));",
    "  (what === 'party-joined' && detail === '');",
  ),
  mutant(
    'a consultation that became a conference is hold to the end',
    'conferences',
    'services/calls/record.ts',
    "'agent-left', 'party-joined', 'parked'],",
    "'agent-left', 'parked'],",
  ),
  mutant(
    'who answered of several that rang stands as withdrawn',
    'calm',
    'services/calls/record.ts',
    "outcome: end?.detail ?? (answer === undefined ? 'withdrawn' : 'answered'),",
    "outcome: end?.detail ?? 'withdrawn',",
  ),
  mutant(
    'a call that ends while the relay is away is never recorded',
    'night',
    'services/calls/effect-runner.ts',
    'const parts = await Promise.allSettled([',
    "const parts = await (async (all: unknown[]) => (await Promise.all(all)).map(() => ({ status: 'fulfilled', reason: undefined })))([",
  ),
  mutant(
    'a call that ended while live state was away comes back',
    'night',
    'services/calls/index.ts',
    '    liveState.forgetAgain();\n',
    '',
  ),
  mutant(
    'the recorder is not told that the pause is over',
    'calm',
    'services/calls/recording-pause.ts',
    "      { do: 'resume-recording' },\n",
    '',
  ),
  mutant(
    'a pause outlives the conversation of the agent who made it',
    'transfers',
    'services/calls/recording-pause.ts',
    "if (call.recording !== 'paused' || pause === undefined || stage.kind === 'ended') return next;",
    "if (pause !== undefined || stage.kind !== 'ended') return next;",
  ),
  mutant(
    'a field that was forgotten keeps the recording paused',
    'calm',
    'services/calls/recording-pause.ts',
    "...(event.by === 'field' ? [limit(pause)] : []),",
    '...[],',
  ),
];

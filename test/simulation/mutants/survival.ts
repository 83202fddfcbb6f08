import { edit, mutant, type Mutant } from './mutant.js';

export const survival: readonly Mutant[] = [
  mutant(
    'a process that is told to end hangs up',
    'night',
    'services/calls/calls-service.ts',
    "if (ending === 'product') await endAll(parts);",
    'if (ending !== undefined) await endAll(parts);',
  ),
  mutant(
    'legs that the relay has again are given up',
    'night',
    'services/calls/media/media-news.ts',
    'if (seats.legRevived(legId)) return;',
    "if (seats.legRevived(legId)) return;\n    legGone(legId, 'media-failure');",
  ),
  mutant(
    'a waiting caller hears nothing after the relay restarts',
    'night',
    'services/calls/media/media-news.ts',
    'ear.forget(legId);\n    controller.review(outsideLegOf(legId)?.callId ?? legId);',
    '',
  ),
  mutant(
    'a leg that was being dialled stays at the relay when telephony ends',
    'night',
    'services/calls/running/leaving.ts',
    'released.push(media.release(outsideLeg(call.id, legId)).catch(() => undefined));',
    '',
  ),
  mutant(
    'a room whose end the mixer was not told of is never closed',
    'night',
    'services/calls/calls-service.ts',
    'Promise.all([readAgain(), director.closeAgain()])',
    'readAgain()',
  ),
  mutant(
    'what led to what is kept of a call is published by nobody',
    'rare',
    'services/calls/running/controller.ts',
    'outside, anchors, unpublished });',
    'outside, anchors, unpublished: [] });',
  ),
  mutant(
    'what the process before had begun to play goes on under the conversation',
    'night',
    'services/calls/media/media-director.ts',
    '      ear.adopt(callId);\n',
    '',
  ),
  mutant(
    'the hang-up of a called party is missed after telephony restarts',
    'night',
    'services/calls/running/taking-over.ts',
    'kept.outside.filter((leg) => leg.dialogId !== kept.dialogId)',
    'kept.outside',
  ),
  mutant(
    'a room that an earlier process opened is never closed',
    'night',
    'services/calls/running/taking-over.ts',
    'director.adopt(call.id);',
    '',
  ),
  {
    name: 'the outcome of legs that the previous process was dialling is missed',
    profile: 'night',
    edits: [
      edit(
        'services/calls/running/taking-over.ts',
        "legId !== OWN_LEG)\n        controller.dispatch(call.id, { type: 'leg-failed', legId, failure: 'service-unavailable' });",
        'legId !== OWN_LEG);',
      ),
      edit(
        'services/calls/running/taking-over.ts',
        "    if (legId !== undefined && !isUp) controller.dispatch(call.id, { type: 'leg-failed', legId, failure: 'service-unavailable' });\n",
        '',
      ),
    ],
  },
  mutant(
    'the answer of a caller who left the offer to us is ignored',
    'calm',
    'services/calls/running/answering.ts',
    'const answered = await media.inviteAnswered(id, answer, party);',
    'const answered = place;',
  ),
];

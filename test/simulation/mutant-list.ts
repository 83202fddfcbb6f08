/** A fault that is put back for a moment: `find` stands once in `file` and becomes `replace`. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** Where it shows soonest. */
  readonly profile: string;
}

export const mutants: readonly Mutant[] = [
  {
    name: 'skills are empty for whoever signs in',
    file: 'services/routing/desk.ts',
    find: 'skills: this.#skills.get(agentId) ?? {},',
    replace: '',
    profile: 'administrators',
  },
  {
    name: 'nobody publishes what a seat is taken by',
    file: 'services/calls/index.ts',
    find: 'partChanged: (agentId) => occupations.review(agentId),',
    replace: 'partChanged: () => undefined,',
    profile: 'conferences',
  },
  {
    name: 'a held caller still hears the agent',
    file: 'services/calls/media-plan.ts',
    find: 'if (stage.held) return alone(onHold);',
    replace: '',
    profile: 'calm',
  },
  {
    name: 'a ring has no clock',
    file: 'services/calls/queueing.ts',
    find: "[{ do: 'ring', offer }, offered(call, stage.queueId, offer, atMs), ringTimer(offer)],\n    [{ atMs, what: 'offered'",
    replace: "[{ do: 'ring', offer }, offered(call, stage.queueId, offer, atMs)],\n    [{ atMs, what: 'offered'",
    profile: 'calm',
  },
  {
    name: 'a seat that vanishes has all the time of the world',
    file: 'services/calls/parties.ts',
    find: "({ do: 'start-timer', timer: 'seat-grace', ms: 0, token: agentId })",
    replace: "({ do: 'cancel-timer', timer: 'seat-grace', token: agentId })",
    profile: 'network',
  },
  {
    name: 'a park has no clock',
    file: 'services/calls/parking.ts',
    find: "{ do: 'start-timer', timer: 'park', ms: PARK_FOR_MS, token }, ",
    replace: '',
    profile: 'transfers',
  },
  {
    name: 'the caller is not hung up at the end',
    file: 'services/calls/step.ts',
    find: "hangUpCaller: by !== 'caller'",
    replace: 'hangUpCaller: false',
    profile: 'calm',
  },
  {
    name: 'the survey has no clock',
    file: 'services/calls/advance.ts',
    find: "[{ do: 'start-timer', timer: 'survey', ms: survey.waitMs, token: stage.token }]",
    replace: '[]',
    profile: 'calm',
  },
  {
    name: 'an ended call keeps its agents',
    file: 'services/routing/routing-service.ts',
    find: 'releaseAgents(callId, queueId ?? known.get(callId)?.queueId);',
    replace: '',
    profile: 'calm',
  },
  {
    name: 'an agent who left stays on the call for routing',
    file: 'services/routing/routing-service.ts',
    find: 'releaseAgents(callId, known.get(callId)?.queueId, agentId);',
    replace: '',
    profile: 'transfers',
  },
  {
    name: 'pages are not told that a call has ended',
    file: 'services/api/adapters/tell-pages.ts',
    find: 'ended(agentId, { callId, cause, by, at, direction });',
    replace: 'undefined;',
    profile: 'calm',
  },
  {
    name: 'a page keeps what has ended',
    file: 'web-agent/src/phone/phone.ts',
    find: 'const calls = phone.calls.filter(({ callId }) => callId !== end.callId);',
    replace: 'const calls = phone.calls;',
    profile: 'calm',
  },
  {
    name: 'a page rings on when the ring is over',
    file: 'web-agent/src/phone/phone.ts',
    find: "return { phone: { ...phone, offer: null }, effects: [{ do: 'stop-ringing' }] };",
    replace: 'return same(phone);',
    profile: 'calm',
  },
  {
    name: 'a call whose offer came to nothing is not in line again',
    file: 'services/routing/desk.ts',
    find: 'this.#ringing.delete(callId);\n    this.#lineUp(now);',
    replace: 'this.#ringing.delete(callId);',
    profile: 'calm',
  },
  {
    name: 'a parked call keeps its agent',
    file: 'services/calls/parking.ts',
    find: ", left(agentId, 'parked')]",
    replace: ']',
    profile: 'transfers',
  },
  {
    name: 'a completed transfer keeps the agent who made it',
    file: 'services/calls/consult.ts',
    find: "const leaves: Effect[] = [transferred(stage.agentId, consult.target), left(stage.agentId, 'transferred')];",
    replace: 'const leaves: Effect[] = [transferred(stage.agentId, consult.target)];',
    profile: 'transfers',
  },
  {
    name: 'who joins a conference later is heard by nobody',
    file: 'services/calls/media-director.ts',
    find: 'if (matrix !== actual.matrix)',
    replace: "if (actual.matrix === '')",
    profile: 'conferences',
  },
  {
    name: 'what was joined is not parted',
    file: 'services/calls/media-director.ts',
    find: "if (wanted === 'nobody' && was !== 'nobody') await media.part(legId);",
    replace: '',
    profile: 'calm',
  },
  {
    name: 'a withheld number is a person',
    file: 'services/shared/domain/caller.ts',
    find: "return caller.kind === 'withheld' ? undefined :",
    replace: "return caller.kind === 'withheld' ? 'withheld' :",
    profile: 'calm',
  },
  {
    name: 'who is consulted counts as free',
    file: 'services/calls/live-call.ts',
    find: '...(consulted === undefined ? [] : [consulted])];',
    replace: '];',
    profile: 'conferences',
  },
  {
    name: 'after a restart routing knows nobody',
    file: 'services/routing/routing-role.ts',
    find: 'desk.restore(kept.agents, kept.waiting);',
    replace: '',
    profile: 'night',
  },
  {
    name: 'a call that ends is published by nobody',
    file: 'services/calls/step.ts',
    find: "name: 'call.ended',",
    replace: "name: 'call.changed' as 'call.ended',",
    profile: 'calm',
  },
  {
    name: 'a menu has no clock',
    file: 'services/calls/flow-steps.ts',
    find: "[{ do: 'start-timer', timer: 'menu', ms: menu.waitMs, token: stage.token }]",
    replace: '[]',
    profile: 'calm',
  },
];

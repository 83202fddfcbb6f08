import { edit, mutant, type Mutant } from './mutant.js';

export const outbound: readonly Mutant[] = [
  {
    name: 'an INVITE leaves with the permit of another',
    profile: 'outside',
    edits: [
      edit(
        'services/calls/dial-out.ts',
        'const permit = await permitFor(call, effect, { gate, directory });',
        'const kept = globalThis as { permit?: DialPermit };\n      const permit = (kept.permit ??= await permitFor(call, effect, { gate, directory }));',
      ),
    ],
  },
  {
    name: 'a leg is dialled after its call was called off',
    profile: 'outside',
    edits: [
      edit(
        'services/calls/dial-out.ts',
        "      unused = permit;\n      if (abort.signal.aborted) throw new CallCentreError('timed-out', 'Called off');\n",
        '',
      ),
      edit(
        'services/calls/dial-out.ts',
        "      // Called off while the leg was being made: nothing rings, and the leg goes again.\n      if (abort.signal.aborted) throw new CallCentreError('timed-out', 'Called off');\n      const ledgerNumber = ofTheCaller ? await takeUp(id, place) : undefined;\n      if (abort.signal.aborted) throw new CallCentreError('timed-out', 'Called off');\n",
        '      const ledgerNumber = ofTheCaller ? await takeUp(id, place) : undefined;\n',
      ),
    ],
  },
  mutant(
    'a permit of a leg that was called off is not given back',
    'network',
    'services/calls/dial-out.ts',
    '      await giveBack(unused, call.id);\n',
    '',
  ),
  mutant(
    'what became of a leg outside is not written down',
    'outside',
    'services/calls/effect-runner.ts',
    '        .ended({ ...leg, dialledAt })',
    '        .unused({ ...leg, dialledAt } as never)',
  ),
  mutant(
    'a third party outside is joined before it is told',
    'outside',
    'services/calls/leg-notice.ts',
    'leg.emergency === true || leg.noticeEndedAtMs !== undefined',
    'leg.emergency !== false',
  ),
  mutant(
    'the digit of a third party outside does nothing',
    'outside',
    'services/calls/leg-notice.ts',
    'key !== REFUSAL_KEY || leg.speech',
    'key === REFUSAL_KEY || leg.speech',
  ),
  mutant(
    'the key against further calls does nothing',
    'outside',
    'services/calls/refusal-key.ts',
    "if (direction !== 'outbound' || !answered || key !== REFUSAL_KEY) return false;",
    "if (direction !== 'inbound' || answered) return false;",
  ),
  mutant(
    'a refusal by key is not kept',
    'outside',
    'services/calls/refusal-key.ts',
    "[{ do: 'keep-refusal' }, ...undone, ...agentLeaves]",
    '[...undone, ...agentLeaves]',
  ),
  mutant(
    'who has refused is called again',
    'outside',
    'services/outbound/refusal.ts',
    "  if (refused) return no('refused-by-person');\n",
    '',
  ),
  mutant(
    'a stop stops nothing',
    'outside',
    'services/outbound/stop-watch.ts',
    "      scope === 'platform' ||\n",
    "      (scope === 'platform' && value !== '') ||\n",
  ),
  mutant(
    'a pause of a campaign calls nothing off',
    'campaigns',
    'services/outbound/stop-watch.ts',
    "      (scope === 'campaign' && value === campaignId),",
    "      (scope === 'campaign' && value === `${campaignId}-`),",
  ),
  mutant(
    'a row whose call was lost stays in hand',
    'campaigns',
    'services/campaigns/campaign-desk.ts',
    '      for (const row of await rows.toLookAt(now())) await look(row);\n',
    '',
  ),
  mutant(
    'a call is sent to a number that no row allows',
    'outside',
    'services/outbound/leaving.ts',
    "  if (!registered) return no('not-registered');",
    "  if (!registered && clientId !== '') return no('not-registered');",
  ),
  mutant(
    'a permit dials two legs',
    'outside',
    'services/outbound/permit-book.ts',
    '      const known = open.get(permit.permitId);\n      open.delete(permit.permitId);\n',
    '      const known = open.get(permit.permitId);\n',
  ),
  mutant(
    'a number in another spelling is another person',
    'outside',
    'services/shared/platform/number-hash.ts',
    'const identity = identityOf(number);',
    'const identity = identityOf(number) === undefined ? undefined : number;',
  ),
  mutant(
    'carriers write a number in different ways',
    'calm',
    'services/signalling/caller-number.ts',
    'return normaliseNumber(decodeURIComponent(user));',
    'return decodeURIComponent(user);',
  ),
  {
    name: 'complaints of withheld numbers join',
    profile: 'calm',
    edits: [
      edit(
        'services/complaints/case-opening.ts',
        'numberHash === undefined ? [] : await complaints.runningOfNumber(numberHash);',
        'await complaints.runningOfNumber(numberHash as string);',
      ),
    ],
  },
  mutant(
    'the history of all callers stands on the card',
    'calm',
    'services/workspace/workspace-service.ts',
    'call.callerHash === undefined ? [] : contacts.ofCaller(call.callerHash, EARLIER + 5),',
    'contacts.ofCaller(call.callerHash as string, EARLIER + 5),',
  ),
];

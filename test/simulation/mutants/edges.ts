import { edit, mutant, type Mutant } from './mutant.js';

const KEEPER = 'services/recording/archive/keeper.ts';
const OFFERS = 'services/signalling/adapters/dialogs/renegotiations.ts';

/** Mutants of what stands beside the centre (test/simulation/edges). */
export const besides: readonly Mutant[] = [
  {
    name: 'a night deletes one batch, and recordings that cannot be deleted hold up the others',
    profile: 'beside',
    edits: [
      edit(KEEPER, 'recordings.due(now, BATCH, failed)', 'recordings.due(now, BATCH, [])'),
      edit(
        KEEPER,
        '  for (let batch = await next(); batch.length > 0; batch = await next())\n    for (const recording of batch)',
        '  for (const batch of [await next()])\n    for (const recording of batch)',
      ),
    ],
  },
  mutant(
    'the audit log says deleted before it happened',
    'beside',
    KEEPER,
    "  await archive.remove(recording.objectKey, recording.objectVersion, { bypassGovernance: true });\n  await audit({ who: by, what: 'recording.deleted', object: recording.callId, success: true, reason: rule });\n",
    "  await audit({ who: by, what: 'recording.deleted', object: recording.callId, success: true, reason: rule });\n  await archive.remove(recording.objectKey, recording.objectVersion, { bypassGovernance: true });\n",
  ),
  mutant(
    'the nightly check opens only the first recordings',
    'beside',
    KEEPER,
    'const place = Math.floor(random() * seen);',
    'const place = many;',
  ),
  mutant(
    'the nightly check never opens a recording older than a month',
    'beside',
    KEEPER,
    'recordings.stored(undefined, dayBefore)',
    'recordings.stored(new Date(now.getTime() - 30 * DAY_MS), dayBefore)',
  ),
  mutant('the answer in an ACK is ignored', 'beside', OFFERS, '        ?.answered(body)\n', "        ?.answered('carrier-0')\n"),
  mutant(
    'a re-INVITE without a description is refused',
    'beside',
    OFFERS,
    '(speaker?.offer() ?? before)',
    '(undefined as string | undefined)',
  ),
  mutant(
    'an offer crosses ours',
    'beside',
    OFFERS,
    "    if (offered !== undefined && (hasOffer || req.method === 'INVITE')) {",
    '    if (offered === -1) {',
  ),
  mutant(
    'a digit sent by INFO is lost',
    'beside',
    'services/signalling/adapters/info-digits.ts',
    "kind === 'application/dtmf-relay'",
    "kind === 'application/dtmf-none'",
  ),
  mutant(
    'a carrier is limited like a stranger',
    'beside',
    'infra/embedded/sip/agent/admission.ts',
    'return this.trusted.has(address) || this.isPeer(address);',
    'return this.trusted.has(address);',
  ),
  mutant(
    'the SIP server recognises a trunk by its source address only',
    'beside',
    'services/shared/platform/network/trunk-hosts.ts',
    'new Set([...addresses, ...hosts.filter((host) => familyOf(host) !== undefined)])',
    'new Set(addresses)',
  ),
];

import { edit, mutant, type Mutant } from './mutant.js';

const KEEPER = 'services/recording/archive/keeper.ts';
const OFFERS = 'services/signalling/adapters/dialogs/renegotiations.ts';

/** Mutants of what stands beside the centre (test/simulation/edges). */
export const besides: readonly Mutant[] = [
  {
    name: 'a night deletes one batch, and recordings that cannot be deleted hold up the others',
    profile: 'calm',
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
    'calm',
    KEEPER,
    "  await archive.remove(recording.objectKey, recording.objectVersion, { bypassGovernance: true });\n  await audit({ who: by, what: 'recording.deleted', object: recording.callId, success: true, reason: rule });\n",
    "  await audit({ who: by, what: 'recording.deleted', object: recording.callId, success: true, reason: rule });\n  await archive.remove(recording.objectKey, recording.objectVersion, { bypassGovernance: true });\n",
  ),
  mutant(
    'the nightly check opens only the first recordings',
    'calm',
    KEEPER,
    'const place = Math.floor(random() * seen);',
    'const place = many;',
  ),
  mutant(
    'the nightly check never opens a recording older than a month',
    'calm',
    KEEPER,
    'recordings.stored(undefined, dayBefore)',
    'recordings.stored(new Date(now.getTime() - 30 * DAY_MS), dayBefore)',
  ),
  mutant('the answer in an ACK is ignored', 'calm', OFFERS, '        ?.answered(body)\n', "        ?.answered('carrier-0')\n"),
  mutant(
    'a re-INVITE without a description is refused',
    'calm',
    OFFERS,
    '(speaker?.offer() ?? before)',
    '(undefined as string | undefined)',
  ),
  mutant(
    'an offer crosses ours',
    'calm',
    OFFERS,
    "    if (offered !== undefined && (hasOffer || req.method === 'INVITE')) {",
    '    if (offered === -1) {',
  ),
  mutant(
    'a digit sent by INFO is lost',
    'calm',
    'services/signalling/adapters/info-digits.ts',
    "kind === 'application/dtmf-relay'",
    "kind === 'application/dtmf-none'",
  ),
  mutant(
    'a carrier is limited like a stranger',
    'calm',
    'infra/embedded/sip/agent/admission.ts',
    'return this.trusted.has(address) || this.isPeer(address);',
    'return this.trusted.has(address);',
  ),
  mutant(
    'the SIP server recognises a trunk by its source address only',
    'calm',
    'services/signalling/adapters/peers-file.ts',
    'new Set([...addresses, ...hosts.filter((host) => isIP(host) !== 0)])',
    'new Set(addresses)',
  ),
];

import { expect, test } from '@jest/globals';
import { applicationWorkspace } from '../../../services/evidence/checks/application.js';
import { checkConsistency } from '../../../services/evidence/checks/consistency.js';
import { dutiesOf } from '../../../services/evidence/checks/duties.js';
import { selfCheck } from '../../../services/evidence/checks/self-check.js';
import { noUsage } from '../../../services/evidence/checks/usage.js';
import { reconcileEquipment } from '../../../services/inventory/equipment.js';
import { drawTopology } from '../../../services/inventory/topology.js';
import { createTally } from '../../../services/evidence/quality/tally.js';
import { usualFraudSettings } from '../../../services/shared/domain/calls/fraud.js';
import { languages, speak, type Language } from '../../../services/shared/domain/language.js';
import { documentsOf } from '../../../services/evidence/documents/documents.js';
import type { PackFacts, PackKind } from '../../../services/evidence/documents/pack-facts.js';

/** A site where nothing is registered, no probe answered and nobody called. */
function nothing(kind: PackKind, language: Language): PackFacts {
  const say = speak(language);
  const context = { today: '2026-11-26', isWorkday: () => true, say };
  const equipment = reconcileEquipment({}, [], say);
  const topology = drawTopology({}, equipment, [], say);
  const findings = [...equipment.findings, ...topology.findings, ...checkConsistency({}, noUsage, context)];
  return {
    ...{ kind, from: '2026-01-01', to: '2026-12-31', zone: 'Asia/Shanghai', today: context.today },
    ...{ file: {}, probes: [], equipment, topology, topologySvg: '<svg/>', findings, usage: noUsage },
    selfChecks: [selfCheck({}, findings, 'provincial', context), selfCheck({}, findings, 'nationwide', context)],
    workspace: applicationWorkspace({}, say),
    duties: dutiesOf({}, context),
    ...{ sheets: [], witnessed: [], clockJumps: { after: 0, open: [], audited: [] } },
    ...{ filedOn: undefined, differences: [], stored: [], filedBefore: undefined, figuresBefore: [], queueNames: {} },
    figures: createTally({ monthOf: () => '2026-11', untilMs: 0 }).figures(),
    totals: { calls: 0, inbound: 0, outbound: 0, handled: 0, talkMs: 0, recordings: 0, opened: 0, lastOpenedMs: undefined },
    lost: { looked: 0, count: 0, rows: [] },
    ...{ complaints: [], scores: {}, proofs: [], openPoints: [] },
    outbound: {
      ...{ calls: 0, attempts: 0, blocked: {}, consents: { inForce: 0, all: 0 }, doNotCall: 0, refusals: [], seed: 'x', sample: [] },
      ...{ alarms: [], fraudSettings: usualFraudSettings },
    },
    capacity: { recordingBytesPerSecond: undefined, recordedSecondsPerDay: 0, storageFreeBytes: undefined, peakCalls: undefined },
  };
}

const kinds = ['licence', 'inspection', 'annual'] as const;

test.each(kinds.flatMap((kind) => languages.map((language) => [kind, language] as const)))(
  'the documents of a pack (%s, %s) are made when everything is missing, without a word that stands for nothing',
  (kind, language) => {
    const documents = documentsOf(nothing(kind, language), speak(language));
    expect(documents.length).toBeGreaterThan(12);
    expect(documents.filter(({ blocks }) => blocks.length === 0)).toEqual([]);
    expect(JSON.stringify(documents)).not.toMatch(/undefined|NaN|Infinity|\[object/);
  },
);

test('the self-check of an empty file meets nothing that is to be shown, and says of each condition what is missing', () => {
  const [provincial] = nothing('licence', 'zh-CN').selfChecks;
  const missing = provincial?.conditions.filter(({ state }) => state === 'missing') ?? [];
  expect(missing.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['company', 'capital', 'technical-staff', 'premises', 'numbers', 'trunks', 'seats']),
  );
  expect(missing.filter((condition) => condition.missing === '')).toEqual([]);
});

test('of the materials of an application nothing that is to be uploaded is ready', () => {
  const { materials } = nothing('licence', 'zh-CN').workspace;
  expect(materials.filter(({ source, state }) => source === 'uploaded' && state === 'ready')).toEqual([]);
});

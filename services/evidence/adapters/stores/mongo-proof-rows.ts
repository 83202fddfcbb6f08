import type { Reads } from '../../../shared/records/reads.js';
import type { Stretch, StoredRows } from '../../ports.js';
import type { AttachedFile, ClockRow, ConsentRow, LegRow } from '../../quality/proof-row.js';

export type ProofReads = Pick<Reads, 'attempts' | 'complaints' | 'consents' | 'registerFiles'>;
type ProofRows = Pick<StoredRows, 'consents' | 'legs' | 'clocks' | 'attachments'>;

const KEY_LENGTH = 16;
const CALLS_OUT = ['call-out', 'callback'];

const given = <K extends string>(key: K, at: Date | undefined): { [P in K]?: number } =>
  at === undefined ? {} : ({ [key]: at.getTime() } as { [P in K]: number });
const within = ({ fromMs, untilMs }: Stretch): { readonly $gte: Date; readonly $lt: Date } => ({
  $gte: new Date(fromMs),
  $lt: new Date(untilMs),
});
const isIn = (atMs: number, { fromMs, untilMs }: Stretch): boolean => atMs >= fromMs && atMs < untilMs;

const consentFields = [
  'at',
  'givenAt',
  'numberHash',
  'numberMasked',
  'purposes',
  'channel',
  'clientUnit',
  'original',
  'validUntil',
  'withdrawn',
] as const;
const legFields = [
  'callId',
  'at',
  'way',
  'allowed',
  'reason',
  'purpose',
  'numberHash',
  'numberMasked',
  'from',
  'trunkId',
  'unused',
] as const;
const clockFields = ['number', 'clocks', 'actions'] as const;
const fileFields = ['number', 'evidence', 'letters'] as const;
const registerFields = ['register', 'key', 'fileName', 'sizeBytes', 'sha256', 'uploadedAt', 'withdrawnAt'] as const;
/** Every field of a case that may contain an event of a clock. */
const clockTimes = [
  'actions.at',
  'clocks.startedAt',
  'clocks.stoppedAt',
  'clocks.extended.at',
  'clocks.paused.at',
  'clocks.paused.endedAt',
  'clocks.recounted.at',
] as const;

/** The rows that no figure is counted from, taken from the slices that own them, without people's numbers. */
export function createProofRows({ attempts, complaints, consents, registerFiles }: ProofReads): ProofRows {
  return {
    async *consents(stretch) {
      for await (const batch of consents.batches({ at: within(stretch) }, { fields: consentFields, sort: { at: 1 } }))
        yield batch.map(toConsent);
    },
    async *legs(stretch) {
      for await (const batch of attempts.batches({ at: within(stretch) }, { fields: legFields, sort: { at: 1 } }))
        yield batch.flatMap((attempt) => (CALLS_OUT.includes(attempt.way) || attempt.unused === true ? [] : [toLeg(attempt)]));
    },
    async *clocks(stretch) {
      const touched = { receivedAt: { $lt: new Date(stretch.untilMs) }, $or: clockTimes.map((path) => ({ [path]: within(stretch) })) };
      for await (const batch of complaints.batches(touched, { fields: clockFields, sort: { receivedAt: 1 } }))
        yield batch.flatMap((each) => clockEvents(each).filter(({ atMs }) => isIn(atMs, stretch)));
    },
    async *attachments(stretch) {
      const at = within(stretch);
      for await (const batch of registerFiles.batches({ uploadedAt: at }, { fields: registerFields, sort: { uploadedAt: 1 } }))
        yield batch.map(ofRegister);
      for await (const batch of complaints.batches(
        { $or: [{ 'evidence.at': at }, { 'letters.at': at }] },
        { fields: fileFields, sort: { receivedAt: 1 } },
      ))
        yield batch.flatMap((each) => ofComplaint(each).filter(({ atMs }) => isIn(atMs, stretch)));
      for await (const batch of consents.batches({ 'original.at': at }, { fields: ['original'], sort: { at: 1 } }))
        yield batch.flatMap(ofConsent);
    },
  };
}

/** The queries of these rows, as text that can be run again. */
export const proofQueries = ({
  attempts,
  complaints,
  consents,
  registerFiles,
}: ProofReads): Readonly<Record<keyof ProofRows, (stretch: Stretch) => string>> => {
  const stretchOf = ({ fromMs, untilMs }: Stretch): string =>
    `{$gte: ISODate("${new Date(fromMs).toISOString()}"), $lt: ISODate("${new Date(untilMs).toISOString()}")}`;
  const untilOf = ({ untilMs }: Stretch): string => `{$lt: ISODate("${new Date(untilMs).toISOString()}")}`;
  const oneOf = (paths: readonly string[], stretch: Stretch): string =>
    `{$or: [${paths.map((path) => `{"${path}": ${stretchOf(stretch)}}`).join(', ')}]}`;
  return {
    consents: (stretch) => `db.${consents.collection}.find({at: ${untilOf(stretch)}}).sort({at: 1})`,
    legs: (stretch) =>
      `db.${attempts.collection}.find({at: ${stretchOf(stretch)}, way: {$nin: ${JSON.stringify(CALLS_OUT)}}, unused: {$ne: true}}).sort({at: 1})`,
    clocks: (stretch) => `db.${complaints.collection}.find(${oneOf(clockTimes, stretch)})`,
    attachments: (stretch) =>
      [
        `db.${registerFiles.collection}.find({uploadedAt: ${untilOf(stretch)}})`,
        `db.${complaints.collection}.find(${oneOf(['evidence.at', 'letters.at'], stretch)})`,
        `db.${consents.collection}.find({"original.at": ${untilOf(stretch)}})`,
      ].join('; '),
  };
};

type Of<Reader extends keyof ProofReads, Field extends string> = ProofReads[Reader] extends {
  find(filter: never, choice: never): Promise<infer Rows extends readonly unknown[]>;
}
  ? Pick<Rows[number], (Field | '_id') & keyof Rows[number]>
  : never;

const toConsent = (consent: Of<'consents', (typeof consentFields)[number]>): ConsentRow => {
  const { _id, at, givenAt = at, numberHash, numberMasked, purposes, channel, clientUnit = '', original, validUntil, withdrawn } = consent;
  return {
    consentId: _id,
    atMs: at.getTime(),
    givenAtMs: givenAt.getTime(),
    personKey: numberHash.slice(0, KEY_LENGTH),
    numberMasked,
    purposes: purposes.join(';'),
    channel,
    clientUnit,
    ...given('validUntilMs', validUntil),
    ...given('withdrawnAtMs', withdrawn?.at),
    original: original === undefined ? '' : original.kind === 'call' ? `call:${original.callId ?? ''}` : 'file',
    originalSha256: original?.sha256 ?? '',
  };
};

const toLeg = (attempt: Of<'attempts', (typeof legFields)[number]>): LegRow => ({
  legId: attempt._id,
  callId: attempt.callId ?? '',
  atMs: attempt.at.getTime(),
  way: attempt.way,
  allowed: attempt.allowed,
  reason: attempt.reason ?? '',
  purpose: attempt.purpose,
  personKey: attempt.numberHash.slice(0, KEY_LENGTH),
  numberMasked: attempt.numberMasked,
  shown: attempt.from ?? '',
  trunkId: attempt.trunkId ?? '',
});

type Case = Of<'complaints', (typeof clockFields)[number]>;

/** Each event has the due time before it, so that a later change does not alter the row of an earlier event. */
export function clockEvents({ number, clocks, actions }: Pick<Case, 'number' | 'clocks' | 'actions'>): ClockRow[] {
  const opened = actions.find(({ what }) => what === 'opened');
  const ofClocks = clocks.flatMap((clock, i): ClockRow[] => {
    const { extended, paused, recounted, stoppedAt } = clock;
    const row = (what: ClockRow['what'], at: Date | undefined, more: Partial<ClockRow> = {}, nth = ''): ClockRow[] =>
      at === undefined
        ? []
        : [{ ...{ eventId: `${number}/${i + 1}/${what}${nth}`, number, atMs: at.getTime(), what, ruleId: '' }, ...more }];
    const before = ({ dueAt }: { readonly dueAt: Date }): Partial<ClockRow> => ({ dueAtMs: dueAt.getTime() });
    const [firstMove] = [extended, paused, ...recounted].flatMap((move) => move ?? []).sort((a, b) => a.at.getTime() - b.at.getTime());
    // A complaint may be recorded days after it was received. Its row belongs to the day of recording.
    const startedAt = i === 0 ? (opened?.at ?? clock.startedAt) : clock.startedAt;
    return [
      ...row('started', startedAt, { ...before(firstMove ?? clock), ruleId: recounted[0]?.ruleId ?? clock.ruleId }),
      ...(extended === undefined ? [] : row('extended', extended.at, before(extended))),
      ...(paused === undefined ? [] : row('paused', paused.at, before(paused))),
      ...row('resumed', paused?.endedAt),
      ...recounted.flatMap((move, nth) => row('recounted', move.at, { ...before(move), ruleId: move.ruleId }, `-${nth + 1}`)),
      ...row('stopped', stoppedAt),
    ];
  });
  const ends = actions
    .filter(({ what }) => what === 'closed' || what === 'reopened')
    .flatMap(({ what, at }, i): ClockRow[] =>
      at === undefined
        ? []
        : [
            {
              eventId: `${number}/${what}-${i + 1}`,
              number,
              atMs: at.getTime(),
              what: what === 'closed' ? 'closed' : 'reopened',
              ruleId: '',
            },
          ],
    );
  return [...ofClocks, ...ends];
}

const ofRegister = (file: Of<'registerFiles', (typeof registerFields)[number]>): AttachedFile => {
  const { _id, register, key, fileName, sizeBytes, sha256, uploadedAt, withdrawnAt } = file;
  return {
    ...{ fileId: _id, of: 'register', subject: `${register}/${key}`, atMs: uploadedAt.getTime(), fileName, sizeBytes, sha256 },
    ...given('withdrawnAtMs', withdrawnAt),
  };
};

/** A file that two pieces of evidence name counts as one file, from the first mention on. */
export function ofComplaint({
  number,
  evidence,
  letters,
}: Pick<Of<'complaints', (typeof fileFields)[number]>, (typeof fileFields)[number]>): AttachedFile[] {
  const named = [
    ...evidence.map(({ at, file }) => ({ at, of: 'complaint' as const, files: file === undefined ? [] : [file] })),
    ...letters.map(({ at, whole, files }) => ({ at, of: whole === true ? ('letter' as const) : ('complaint' as const), files })),
  ].flatMap(({ at, of, files }) =>
    files.map(({ fileId, fileName, sizeBytes, sha256 }): AttachedFile => ({
      ...{ fileId, of, subject: number, atMs: at.getTime(), fileName, sizeBytes, sha256 },
    })),
  );
  return named.filter(({ fileId }, place) => named.findIndex((each) => each.fileId === fileId) === place);
}

const ofConsent = ({ _id, original }: Of<'consents', 'original'>): AttachedFile[] =>
  original?.kind !== 'file' || original.at === undefined || original.sha256 === undefined
    ? []
    : [
        {
          ...{ fileId: `consent-${_id}`, of: 'consent', subject: _id, atMs: original.at.getTime() },
          ...{ fileName: original.fileName ?? '', sizeBytes: original.sizeBytes ?? 0, sha256: original.sha256 },
        },
      ];

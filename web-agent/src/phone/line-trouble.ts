/** The step at which the media set-up stopped: the socket for SIP, the answer of the server, or the media path itself. */
export type LineStage = 'signalling' | 'refused' | 'media';

/** A media path that was tried: from this computer to the server. */
export interface TriedWay {
  readonly protocol: string;
  readonly from: string;
  readonly to: string;
  readonly state: string;
}

/** Why there is no audio, for the help on the page. */
export interface LineTrouble {
  readonly stage: LineStage;
  /** The ways that were tried; empty when this computer offered none, as where UDP is switched off. */
  readonly tried: readonly TriedWay[];
}

/** The failure of a line that was never up. */
export class LineFailed extends Error {
  override readonly name = 'LineFailed';
  constructor(
    readonly trouble: LineTrouble,
    options?: ErrorOptions,
  ) {
    super(`The line of the seat failed: ${trouble.stage}.`, options);
  }
}

/** A row of the browser's statistics, as far as it is about candidates. */
export interface StatsRow {
  readonly id: string;
  readonly type: string;
  readonly state?: string;
  readonly localCandidateId?: string;
  readonly remoteCandidateId?: string;
  readonly address?: string | null;
  readonly port?: number;
  readonly protocol?: string;
}

/** The pairs of candidates that were tried, from the browser's own statistics. */
export function triedWays(rows: Iterable<StatsRow>): TriedWay[] {
  const all = [...rows];
  const byId = new Map(all.map((row) => [row.id, row]));
  // Browsers hide the address of this computer from pages that may not know it.
  const placeOf = (row: StatsRow | undefined): string =>
    row?.address === undefined || row.address === null ? '…' : `${row.address}:${row.port ?? '?'}`;
  return all.flatMap(({ type, state = '', localCandidateId = '', remoteCandidateId = '' }) => {
    if (type !== 'candidate-pair') return [];
    const [local, remote] = [byId.get(localCandidateId), byId.get(remoteCandidateId)];
    return [{ protocol: (remote?.protocol ?? local?.protocol ?? 'udp').toUpperCase(), from: placeOf(local), to: placeOf(remote), state }];
  });
}

/** An offer without a way over UDP is refused by the server: the cause is the network of this computer, not the server. */
export const stageOf = (stage: LineStage, offer: string | undefined): LineStage =>
  stage === 'refused' && offer !== undefined && !/^a=candidate:\S+ \d+ udp /im.test(offer) ? 'media' : stage;

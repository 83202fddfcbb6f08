import type { Campaign, CampaignLapse, CampaignRow, RowNext } from '../../../services/campaigns/campaign.js';
import type { CallingOut, CampaignStore, RowStore } from '../../../services/campaigns/ports.js';
import { campaignOutcomes, campaignRowStates } from '../../../services/shared/domain/calls/campaign.js';
import type { Process } from '../scheduler.js';
import type { World } from '../world.js';

const NUMBER_LENGTH = 8;
const FIRST_NUMBER = 30_000_000;
const STEP = 7_919;

const unused = (): never => {
  throw new Error('not asked in a simulation');
};

/** An agent has promised the call, and the time for which it is kept for them is not over. */
const isKept = ({ wantedUntil }: CampaignRow, at: Date): boolean => wantedUntil !== undefined && wantedUntil > at;

/** The stores of campaigns, and what the outbound rules say to their lists. The desk itself is the product's. */
export class Campaigns {
  readonly campaigns = new Map<string, Campaign>();
  readonly rows = new Map<string, CampaignRow>();
  /** Every call under which a row was presented, and when each campaign was last halted. */
  readonly callsOf = new Map<string, string[]>();
  readonly haltedMs = new Map<string, number>();
  /** Every lapse that was written, with who had the row on the screen then and until when. */
  readonly lapses: {
    readonly rowId: string;
    readonly lapse: CampaignLapse;
    readonly reader: string | undefined;
    readonly untilMs: number | undefined;
  }[] = [];
  /** Rows for which an agent has promised another call, until that call is dialled. */
  readonly promised = new Map<
    string,
    { readonly madeMs: number; readonly agentId: string; readonly atMs: number; readonly untilMs: number }
  >();

  constructor(private readonly world: World) {
    const { profile, site } = world;
    if (profile.campaignRows === 0) return;
    const at = new Date(profile.startMs);
    for (const [index, mode] of (['preview', 'progressive'] as const).entries()) {
      const id = `campaign-${mode}`;
      this.campaigns.set(id, {
        ...{
          id,
          name: id,
          mode,
          from: '4001000',
          purpose: 'enquiry',
          queueId: site.queues[index % site.queues.length]?.id ?? '',
          script: '',
        },
        ...{
          previewSeconds: 20,
          countdownSeconds: 5,
          mostTries: 3,
          busyAgainMinutes: 1,
          noAnswerAgainMinutes: 2,
          mostRefusalsPercent: 100,
          mostComplaintsPer10000: 10_000,
        },
        ...{ state: 'running', at, by: 's1', byName: 's1', changedAt: at, changedBy: 's1', changedByName: 's1' },
      });
      for (let line = 2; line < 2 + profile.campaignRows; line += 1) this.#row(id, index, line, at);
    }
  }

  #row(campaignId: string, index: number, line: number, at: Date): void {
    const number = `137${String(FIRST_NUMBER + index * 1_000_000 + STEP * line).padStart(NUMBER_LENGTH, '0')}`;
    const id = `${campaignId}-${line}`;
    this.rows.set(id, {
      ...{ id, campaignId, line, importId: 'list', numberHash: this.world.outbound.hashNumber(number) ?? '', numberMasked: '***' },
      ...{ contact: { number, name: '', note: '' }, state: 'waiting', tries: 0, notBefore: at },
    });
  }

  /** Withdraws the consent of a person whose row is in front of an agent, who is being dialled, or who is already talking. */
  takeConsentBack(): void {
    const { outbound, random, scheduler } = this.world;
    const before = [...this.rows.values()].filter(({ state }) => state === 'presented' || state === 'dialling');
    if (before.length === 0) return;
    const { id, numberHash } = random.pick(before);
    this.world.note('admin', 'notes that a consent was taken back', { row: id });
    if (!outbound.withdrawn.has(numberHash)) outbound.withdrawn.set(numberHash, scheduler.nowMs);
  }

  /** The row whose call this is, or may become. */
  rowOf(callId: string): CampaignRow | undefined {
    return [...this.rows.values()].find((row) => row.callId === callId);
  }

  stores(process: Process): { readonly campaigns: CampaignStore; readonly rows: RowStore; readonly callingOut: CallingOut } {
    return { campaigns: this.#campaignStore(process), rows: this.#rowStore(process), callingOut: this.#callingOut(process) };
  }

  #campaignStore(process: Process): CampaignStore {
    const store = <T>(work: () => T): Promise<T> => this.world.stores.document(process, work);
    return {
      add: unused,
      all: unused,
      configure: unused,
      one: (id) => store(() => this.campaigns.get(id)),
      lively: () => store(() => [...this.campaigns.values()]),
      turn: (id, from, { state, at, by, byName }) =>
        store(() => {
          const known = this.campaigns.get(id);
          if (known === undefined || !from.includes(known.state)) return false;
          const { waits: _waits, ...rest } = known;
          this.campaigns.set(id, { ...rest, state, changedAt: at, changedBy: by, changedByName: byName });
          return true;
        }),
      waits: (id, waits) =>
        store(() => {
          const known = this.campaigns.get(id);
          if (known === undefined) return;
          const { waits: _waits, ...rest } = known;
          this.campaigns.set(id, { ...rest, ...(waits === undefined ? {} : { waits }) });
        }),
    };
  }

  #rowStore(process: Process): RowStore {
    const store = <T>(work: () => T): Promise<T> => this.world.stores.document(process, work);
    const all = (fits: (row: CampaignRow) => boolean): CampaignRow[] => [...this.rows.values()].filter(fits);
    return {
      addMany: unused,
      known: unused,
      again: (id, agentId, at) => store(() => this.#again(id, agentId, at)),
      list: unused,
      batches: unused,
      complained: unused,
      counts: (campaignId) =>
        store(() => {
          const rows = all((row) => row.campaignId === campaignId);
          const of = (fits: (row: CampaignRow) => boolean): number => rows.filter(fits).length;
          return {
            ...Object.fromEntries(campaignRowStates.map((state) => [state, of((row) => row.state === state)])),
            ...Object.fromEntries(campaignOutcomes.map((outcome) => [outcome, of((row) => row.outcome === outcome)])),
            ...{ all: rows.length, tried: of(({ tries }) => tries > 0) },
          } as Awaited<ReturnType<RowStore['counts']>>;
        }),
      one: (id) => store(() => this.rows.get(id)),
      next: (campaignId, at) =>
        store(
          () =>
            all((row) => row.campaignId === campaignId && row.state === 'waiting' && row.notBefore <= at && !isKept(row, at)).sort(
              (a, b) => a.notBefore.getTime() - b.notBefore.getTime() || a.line - b.line,
            )[0],
        ),
      wanted: (campaignId, at) =>
        store(() => all((row) => row.campaignId === campaignId && row.state === 'waiting' && row.notBefore <= at && isKept(row, at))),
      present: (id, to) =>
        store(() => {
          const row = this.rows.get(id);
          if (row?.state !== 'waiting') return undefined;
          const presented = { ...row, state: 'presented' as const, ...to };
          this.rows.set(id, presented);
          this.callsOf.set(id, [...(this.callsOf.get(id) ?? []), to.callId]);
          return presented;
        }),
      hold: (id, callId) => store(() => this.#hold(id, callId)),
      move: (id, expected, next) => store(() => this.#move(id, expected, next)),
      looked: (id, callId, lookAt) =>
        store(() => {
          const row = this.rows.get(id);
          if (row?.state === 'dialling' && row.callId === callId) this.rows.set(id, { ...row, lookAt });
        }),
      presented: () => store(() => all(({ state }) => state === 'presented')),
      presentedTo: (agentId) => store(() => all((row) => row.state === 'presented' && row.agentId === agentId)[0]),
      inHandOf: (agentId) => store(() => all((row) => row.agentId === agentId && ['presented', 'dialling'].includes(row.state))[0]),
      toLookAt: (at) => store(() => all(({ state, lookAt }) => state === 'dialling' && lookAt !== undefined && lookAt <= at)),
      ofCall: (callId) => store(() => this.rowOf(callId)),
      result: () => store(() => undefined),
      open: (campaignId) => store(() => all((row) => row.campaignId === campaignId && row.state !== 'done').length),
      erase: () => store(() => undefined),
    };
  }

  #hold(id: string, callId: string): boolean {
    const row = this.rows.get(id);
    if (row?.state !== 'presented' || row.callId !== callId || row.offer === undefined) return false;
    const { dialAt: _dialAt, ...offer } = row.offer;
    this.rows.set(id, { ...row, offer });
    return true;
  }

  #again(id: string, agentId: string, { notBefore, wantedUntil }: { readonly notBefore: Date; readonly wantedUntil: Date }): boolean {
    const row = this.rows.get(id);
    const isReached = row?.state === 'done' && row.outcome === 'reached';
    if (row?.agentId !== agentId || !(row.state === 'dialling' || isReached)) return false;
    this.rows.set(id, { ...row, state: isReached ? 'waiting' : row.state, notBefore, wantedAgentId: agentId, wantedUntil });
    this.promised.set(id, { madeMs: this.world.scheduler.nowMs, agentId, atMs: notBefore.getTime(), untilMs: wantedUntil.getTime() });
    return true;
  }

  #move(
    id: string,
    { state, callId, dialAt }: { readonly state: string; readonly callId?: string | undefined; readonly dialAt?: Date | undefined },
    next: RowNext,
  ): CampaignRow | undefined {
    const row = this.rows.get(id);
    if (row?.state !== state || (callId !== undefined && row.callId !== callId)) return undefined;
    if (dialAt !== undefined && row.offer?.dialAt?.getTime() !== dialAt.getTime()) return undefined;
    const { offer: _offer, why: _why, lookAt: _lookAt, ...all } = row;
    const { wantedAgentId: _wanted, wantedUntil: _until, ...unpromised } = all;
    const kept = next.state === 'done' || next.state === 'dialling' ? unpromised : all;
    const given = Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined)) as unknown as RowNext & {
      why: never;
    };
    const moved: CampaignRow = { ...kept, ...given };
    if (next.lapse !== undefined)
      this.lapses.push({ rowId: id, lapse: next.lapse, reader: row.agentId, untilMs: row.offer?.until.getTime() });
    this.rows.set(id, moved);
    return moved;
  }

  #callingOut(process: Process): CallingOut {
    const { world } = this;
    const store = <T>(work: () => T): Promise<T> => world.stores.document(process, work);
    const { refusals } = world.outbound;
    return {
      standing: (hashes) => store(() => new Map(hashes.filter((hash) => refusals.has(hash)).map((hash) => [hash, 'refused' as const]))),
      numberFault: () => store(() => undefined),
      stop: (campaignId, why) =>
        store(() => {
          const stop = {
            id: `campaign:${campaignId}`,
            scope: 'campaign' as const,
            value: campaignId,
            ...why,
            at: new Date(process.clock.nowMs()),
          };
          world.outbound.stops = [...world.outbound.stops.filter(({ id }) => id !== stop.id), stop];
          this.haltedMs.set(campaignId, world.scheduler.nowMs);
        }),
      isUnsent: (callId) => store(() => world.outbound.attempts.get(callId)?.unused === true),
      lift: (campaignId) =>
        store(() => {
          world.outbound.stops = world.outbound.stops.filter(({ id }) => id !== `campaign:${campaignId}`);
          this.haltedMs.delete(campaignId);
        }),
    };
  }
}

import { DateTime } from 'luxon';
import type { Connection } from 'mongoose';
import type { CommandBus } from '../shared/contracts/calls/commands.js';
import { newId } from '../shared/platform/stores/new-id.js';
import { unhurried, type EventBus } from '../shared/events/catalogue.js';
import type { Config } from '../shared/platform/settings/config.js';
import type { PlaceReach } from '../shared/platform/reach/place-reach.js';
import { createScriptBook } from '../shared/platform/stores/script-book.js';
import type { Audit, Route } from '../shared/platform/http/route.js';
import type { Service } from '../shared/platform/processes/service.js';
import { createCentreRecords, type CentreReads } from './adapters/centre-records.js';
import {
  createMongoCallbacks,
  createMongoContacts,
  createMongoFavourites,
  createMongoQuality,
  createMongoWorksheets,
} from './adapters/mongo-workspace.js';
import { resultNames } from './contact.js';
import { demoWorksheet } from './demo-data.js';
import { createRoutes } from './http.js';
import { createWorkspaceService, type WorkspaceNeeds, type WorkspaceService } from './workspace-service.js';
import type { AgentId, CallId } from '../shared/domain/ids.js';

export interface WorkspaceDependencies {
  readonly config: Config;
  readonly mongo: Connection;
  readonly reads: CentreReads;
  readonly commands: CommandBus;
  readonly bus: EventBus;
  readonly audit: Audit;
}

export interface WorkspaceRoutesDependencies extends WorkspaceDependencies {
  readonly places: Pick<PlaceReach, 'queues'>;
  readonly hashesOf: WorkspaceNeeds['hashesOf'];
  readonly campaignOf: WorkspaceNeeds['campaignOf'];
  readonly figuresOf: WorkspaceNeeds['figuresOf'];
}

/** `places`, `hashesOf`, `campaignOf` and `figuresOf` are left out for events, where no person asks. */
function serviceOf(
  { config, mongo, reads, commands, bus, audit }: WorkspaceDependencies,
  {
    places = { queues: async () => () => false },
    hashesOf = async ({ callerHash }) => [callerHash],
    campaignOf = async () => undefined,
    figuresOf = () => Promise.reject(new Error('nobody asks for figures here')),
  }: Partial<Pick<WorkspaceNeeds, 'places' | 'hashesOf' | 'campaignOf' | 'figuresOf'>> = {},
): WorkspaceService {
  return createWorkspaceService({
    worksheets: createMongoWorksheets(mongo),
    contacts: createMongoContacts(mongo),
    scripts: createScriptBook(mongo, () => new Date()),
    callbacks: createMongoCallbacks(mongo),
    records: createCentreRecords(reads),
    commands,
    bus,
    audit,
    places,
    hashesOf,
    campaignOf,
    figuresOf,
    now: () => new Date(),
    newId,
    midnight: () => DateTime.now().setZone(config.SITE_TIME_ZONE).startOf('day').toJSDate(),
  });
}

/** Worksheets, contacts, callbacks and the agent's own day, over HTTP. */
export function createWorkspaceRoutes(needs: WorkspaceRoutesDependencies): Route[] {
  return createRoutes({
    service: serviceOf(needs, needs),
    worksheets: createMongoWorksheets(needs.mongo),
    quality: createMongoQuality(needs.mongo),
    favourites: createMongoFavourites(needs.mongo),
    audit: needs.audit,
    places: needs.places,
  });
}

/** Opens a contact for each agent who joins a call, and stores the media quality that their seats measured. In the cases role. */
export function createWorkspace(needs: WorkspaceDependencies): Service {
  const service = serviceOf(needs);
  const quality = createMongoQuality(needs.mongo);
  const isStored = createSparing();
  let stop: () => Promise<void> = async () => undefined;
  return {
    name: 'workspace',
    async start() {
      if (needs.config.DEMO_DATA === 'yes') await seedDemo(needs.mongo);
      stop = await needs.bus.subscribe(
        'workspace',
        {
          'call.connected': ({ callId, agentId, queueId }) => service.open(callId, agentId, queueId),
          'callback.reached': (event) => service.reachedInTurn(event),
          'seat.quality': async ({ callId, agentId, at, lossPercent, jitterMs, roundTripMs, mos }, id) => {
            if (callId === undefined || !isStored(agentId, callId, at)) return;
            await quality.add({
              id,
              callId,
              agentId,
              at: new Date(at),
              lossPercent,
              jitterMs,
              roundTripMs,
              ...(mos === undefined ? {} : { mos }),
            });
          },
        },
        unhurried,
      );
    },
    stop: () => stop(),
  };
}

/** A seat measures every four seconds, for live pages. One sample in ten seconds is enough for the record of the call. */
const STORED_EVERY_MS = 10_000;

function createSparing(): (agentId: AgentId, callId: CallId, at: string) => boolean {
  const last = new Map<AgentId, { readonly callId: CallId; readonly atMs: number }>();
  return (agentId, callId, at) => {
    const atMs = Date.parse(at);
    const before = last.get(agentId);
    if (before?.callId === callId && atMs - before.atMs < STORED_EVERY_MS) return false;
    last.set(agentId, { callId, atMs });
    return true;
  };
}

/** The names of all results that agents may choose, by their codes. */
export const createResultNames = (mongo: Connection) => async () => resultNames(await createMongoWorksheets(mongo).all());

async function seedDemo(mongo: Connection): Promise<void> {
  const worksheets = createMongoWorksheets(mongo);
  if ((await worksheets.all()).length === 0) await worksheets.put(demoWorksheet);
}

/** Sets the hash of the caller in the contacts of a call; removes it for a withheld number. */
export async function setContactedCaller(mongo: Connection, callId: CallId, callerHash: string | undefined): Promise<void> {
  await mongo
    .collection<{ _id: string; callId: CallId }>('contacts')
    .updateMany({ callId }, callerHash === undefined ? { $unset: { callerHash: '' } } : { $set: { callerHash: callerHash } });
}

/** Removes the sticky note of a caller's hash. */
export async function forgetStickyNote(mongo: Connection, callerHash: string): Promise<void> {
  await mongo.collection<{ _id: string }>('sticky_notes').deleteOne({ _id: callerHash });
}

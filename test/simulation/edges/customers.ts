import { createCallCustomerRoutes } from '../../../services/customers/call-http.js';
import { createCustomerService, type Asker, type CustomerService } from '../../../services/customers/customer-service.js';
import { createErasure } from '../../../services/customers/erasure.js';
import type { CustomersHttp } from '../../../services/customers/http.js';
import type { CallFacts } from '../../../services/customers/ports.js';
import { noReferences } from '../../../services/customers/references.js';
import type { Customer, CustomerEntry } from '../../../services/shared/contracts/customer.js';
import { CallCentreError } from '../../../services/shared/domain/failure.js';
import type { Principal } from '../../../services/shared/domain/people/rights.js';
import { WHOLE_CENTRE } from '../../../services/shared/platform/reach/reach.js';
import type { RouteInput } from '../../../services/shared/platform/http/route.js';
import type { Random } from '../random.js';
import { Process, Scheduler } from '../scheduler.js';
import { CustomerRows } from './customer-store.js';
import type { Edge } from './edge.js';
import { NotedCalls } from './noted-calls.js';

const STAFF = ['a1', 'a2', 's1'] as const;
const DEEDS_EACH = 14;
const PAUSE_MS = 120;
const RESTART_MS = 50;
const QUIET_WITHIN_MS = 60_000;
const STEP_MS = 500;
/** Our numbers and the client units that they serve. */
const units: Readonly<Record<string, string>> = { '4001000': 'north', '4001001': 'south' };
/** Callers; the empty one withholds the number. */
const PEOPLE = ['1', '2', '3', '4', '5', ''] as const;
/** Share of writes and merges in the middle of which somebody else does the worst thing. */
const WORST = 0.3;
const ERASING_MS = 150;
const NOTHING_LEFT = { calls: 0, recordings: 0, complaints: 0, consents: 0 };

const unused = (): never => {
  throw new Error('not asked in a simulation');
};

const deeds = ['note', 'note', 'ends', 'record', 'record', 'record', 'give', 'take', 'merge', 'merge', 'separate', 'erase'] as const;
/** What a process of the product serves here. */
interface Served {
  readonly service: CustomerService;
  readonly erasure: ReturnType<typeof createErasure>;
  readonly ask: <T>(method: 'get' | 'put' | 'post', path: string, userId: string, callId: string, body?: unknown) => Promise<T>;
}

class CustomerWorld {
  readonly scheduler: Scheduler;
  readonly store: CustomerRows;
  process: Process;
  readonly calls: NotedCalls;
  wrong: string | undefined;
  #ids = 0;
  #processes = 0;
  readonly #mourners: { readonly process: Process; readonly tell: () => void }[] = [];
  #working = STAFF.length;

  constructor(readonly random: Random) {
    this.scheduler = new Scheduler(Date.UTC(2026, 10, 30, 2), random.fork());
    this.store = new CustomerRows(random, this.scheduler);
    this.process = this.#begin();
    this.calls = new NotedCalls(this.scheduler, (callId) => {
      const { callerHash = '', called } = this.#call(callId);
      return { unit: units[called] ?? '', hash: callerHash };
    });
    this.store.onErased.push((keys) => {
      const left = this.calls.left(keys);
      if (left !== undefined) this.fail(`a customer is erased, and what was noted during ${left} is still there`);
    });
  }

  #begin(): Process {
    return new Process(`api#${(this.#processes += 1)}`, this.scheduler);
  }

  /** Each call of a person to one of our numbers. Some are live, some are over: the same is known of both. */
  #call(callId: string): CallFacts {
    const [called = '', person = ''] = callId.split('x');
    return { callerMasked: `***${person}`, called, agentIds: [...STAFF], ...(person === '' ? {} : { callerHash: `hash${person}` }) };
  }

  /** What one process of the product serves, over its stores. */
  #served(): Served {
    const { process, random } = this;
    const store = this.store.of(process);
    const later = <T>(answer: T): Promise<T> => process.later(random.int(1, 10), () => answer);
    const needs = {
      store,
      hashNumber: unused,
      audit: () => later(undefined),
      now: () => new Date(this.scheduler.nowMs),
      newId: () => `customer-${(this.#ids += 1)}`,
    };
    const service = createCustomerService(needs);
    const references: CustomersHttp['references'] = {
      unitOf: (called) => later(units[called] ?? ''),
      callFacts: (callId) => later(this.#call(callId)),
      callIds: (whose) => later(undefined).then(() => this.calls.endedOf(whose)),
      of: () => later(noReferences),
      rest: () => later(NOTHING_LEFT),
    };
    const customerRoutes = createCallCustomerRoutes({
      ...needs,
      service,
      references,
      importList: unused,
      unitsOf: unused,
      allUnits: unused,
      reachOf: async () => WHOLE_CENTRE,
      lookUps: () => later(undefined),
      numberLookUps: { take: unused },
    });
    const erasure = createErasure({
      ...needs,
      service,
      references,
      forgetNote: () => later(undefined),
      forgetCallNotes: async (whose) => {
        const callIds = await references.callIds(whose);
        await process.later(random.int(1, 10), () => this.calls.notes.remove(callIds));
      },
    });
    const ask = async <T>(method: 'get' | 'put' | 'post', path: string, userId: string, callId: string, body?: unknown): Promise<T> => {
      const route = [...customerRoutes, ...this.calls.routes(process, later)].find((each) => each.method === method && each.path === path);
      const input = { principal: principalOf(userId), params: { callId }, query: {}, body, from: '' };
      return (await route?.handle(input as unknown as RouteInput<unknown, unknown, unknown>)) as T;
    };
    return { service, erasure, ask };
  }

  /** If the process dies in the middle of a request, the next one is asked again; a refusal counts as an answer. */
  async #asked(act: (served: Served) => Promise<unknown>): Promise<void> {
    for (;;) {
      const { process } = this;
      if (process.alive) {
        const answered = act(this.#served()).catch(refused);
        if (await Promise.race([answered.then(() => true), this.#death(process)])) return;
      }
      await new Promise<void>((resolve) => this.scheduler.after(2 * RESTART_MS, resolve));
    }
  }

  #death(process: Process): Promise<false> {
    return new Promise((resolve) => this.#mourners.push({ process, tell: () => resolve(false) }));
  }

  #die(): void {
    const { process } = this;
    if (!process.alive) return;
    process.kill();
    for (const { tell } of this.#mourners.filter((each) => each.process === process)) tell();
    this.scheduler.after(RESTART_MS, () => (this.process = this.#begin()));
  }

  fail(text: string): void {
    this.wrong ??= text;
  }

  /** The card of a call: shows who is calling, and writes what the agent found out. */
  async #record(userId: string, callId: string): Promise<void> {
    const { callerHash, called } = this.#call(callId);
    const unit = units[called] ?? '';
    await this.#asked(async ({ ask }) => {
      const { customer } = await ask<{ readonly customer: Customer | null }>('get', '/calls/:callId/customer', userId, callId);
      if (customer !== null && callerHash === undefined) this.fail(`a caller who withholds the number is shown as ${customer.name}`);
      if (customer !== null && customer.clientUnit !== unit)
        this.fail(`a call for ${unit} shows a customer of ${customer.clientUnit ?? 'nobody'}`);
      if (customer !== null && !customer.numbers.some(({ masked }) => masked === this.#call(callId).callerMasked))
        this.fail(`the customer at ${callId} has not the number of its caller`);
      await this.process.later(this.random.int(0, PAUSE_MS), () => undefined);
      if (customer !== null && this.random.chance(WORST)) await this.#mergedMeanwhile(customer.id);
      const read = customer === null ? {} : { version: customer.version, customerId: customer.id };
      const entry: CustomerEntry = { name: `known to ${userId}`, note: `${this.scheduler.nowMs}`, fields: {}, tags: [] };
      const after = await ask<Customer>('put', '/calls/:callId/customer', userId, callId, { ...entry, ...read });
      if (customer !== null && (after.id !== customer.id || after.version !== customer.version + 1))
        this.fail(`${userId} has read version ${customer.version} of ${customer.id} and wrote over ${after.id}, now ${after.version}`);
    });
  }

  /**
   * While an agent writes, a colleague finds that this customer and another are one person. Preferred is a customer whose version after the
   * merge equals the one that the agent has read, so that the version alone does not tell the two apart.
   */
  async #mergedMeanwhile(id: string): Promise<void> {
    const { rows, standing } = this.store;
    const read = rows.get(id);
    const others = standing.filter((other) => other.id !== id && other.unit === read?.unit);
    const other = others.find(({ version }) => version + 1 === read?.version) ?? others[0];
    if (other === undefined) return;
    const asker: Asker = { principal: { userId: 's2', name: 's2' }, from: '' };
    await this.#asked(({ service }) => service.merge(other.id, id, 'the same person', asker));
  }

  async #deed(userId: string): Promise<void> {
    const { random, store } = this;
    const callId = `${random.pick(Object.keys(units))}x${random.pick(PEOPLE)}`;
    const [one, other] = [random, random].map((chance) => (store.rows.size === 0 ? undefined : chance.pick([...store.rows.values()])));
    const asker: Asker = { principal: { userId, name: userId }, from: '' };
    const deed = random.pick(deeds);
    if (deed === 'note' || deed === 'ends') return this.#noted(userId, callId, deed === 'ends');
    if (deed === 'record' || one === undefined || other === undefined) return this.#record(userId, callId);
    if (deed === 'give')
      return this.#asked(({ ask }) => ask('post', '/calls/:callId/customer-number', userId, callId, { customerId: one.id }));
    if (deed === 'take') {
      const number = one.numbers.length === 0 ? undefined : random.pick(one.numbers);
      if (number === undefined) return undefined;
      store.doubtful.add(`${one.unit}/${number.hash}`);
      return this.#asked(({ service }) => service.removeNumber(one.id, number.id, asker));
    }
    if (deed === 'merge') {
      const merge = (): Promise<void> => this.#asked(({ service }) => service.merge(one.id, other.id, 'the same person', asker));
      if (!random.chance(WORST)) return merge();
      // The customer that takes in the other is erased meanwhile.
      const erased = this.#erase(one.id, 's2');
      await new Promise<void>((resolve) => this.scheduler.after(random.int(0, ERASING_MS), resolve));
      await Promise.all([erased, merge()]);
      return undefined;
    }
    if (deed === 'separate') {
      const merge = one.merged.at(-1);
      return merge === undefined ? undefined : this.#asked(({ service }) => service.separate(one.id, merge.id, 'two people', asker));
    }
    return this.#erase(one.id, userId);
  }

  /** A note during the call, which then ends or goes on. */
  async #noted(userId: string, line: string, ends: boolean): Promise<void> {
    const callId = this.calls.now(line);
    const note = this.calls.nextNote();
    await this.#asked(({ ask }) => ask('post', '/calls/:callId/notes', userId, callId, note));
    if (ends && this.calls.now(line) === callId) this.calls.end(line);
  }

  async #erase(id: string, userId: string): Promise<void> {
    await this.#asked(async ({ erasure }) => {
      await erasure.erase(id, { who: userId, from: '', reason: 'asked for' });
      if (this.store.rows.has(id)) this.fail(`${id} was erased and is still there`);
    });
  }

  async #works(userId: string): Promise<void> {
    for (let deed = 0; deed < DEEDS_EACH; deed += 1) {
      await new Promise<void>((resolve) => this.scheduler.after(this.random.int(0, PAUSE_MS), resolve));
      await this.#deed(userId);
    }
    this.#working -= 1;
  }

  /** Everybody works; the process dies now and then. */
  async live(): Promise<void> {
    for (const userId of STAFF) void this.#works(userId);
    const deaths = this.random.pick([0, 0, 1, 3]);
    for (let death = 0; death < deaths; death += 1) this.scheduler.after(this.random.int(0, DEEDS_EACH * PAUSE_MS), () => this.#die());
    const untilMs = this.scheduler.nowMs + QUIET_WITHIN_MS;
    while (this.scheduler.nowMs < untilMs && this.#working > 0) await this.scheduler.runUntil(this.scheduler.nowMs + STEP_MS, () => false);
    if (this.#working > 0) this.fail('somebody was never answered');
    let isFinished = false;
    void this.#finish().then(() => (isFinished = true));
    while (this.scheduler.nowMs < untilMs + QUIET_WITHIN_MS && !isFinished)
      await this.scheduler.runUntil(this.scheduler.nowMs + STEP_MS, () => false);
    if (!isFinished) this.fail('what stopped half way could not be finished');
  }

  /** A separation that stopped half way can be asked for again, and ends: otherwise nobody could erase that customer any more. */
  async #finish(): Promise<void> {
    await new Promise<void>((resolve) => this.scheduler.after(2 * RESTART_MS, resolve));
    const asker: Asker = { principal: { userId: 's1', name: 's1' }, from: '' };
    for (const { id, merged } of this.store.standing)
      for (const merge of merged.filter(({ leaving }) => leaving === true)) {
        await this.#asked(({ service }) => service.separate(id, merge.id, 'two people', asker));
        const isHalf = this.store.rows.get(id)?.merged.some((each) => each.leaving === true) === true;
        if (isHalf) this.fail(`${id} stays half separated from ${merge.id}, and nobody can erase it`);
      }
  }

  /** What must hold once every request has been answered. */
  judge(): string | undefined {
    const { rows, standing, given, doubtful } = this.store;
    for (const { id, mergedInto } of rows.values())
      if (mergedInto !== undefined && !rows.has(mergedInto)) return `${id} was merged into ${mergedInto}, which is gone: nobody finds it`;
    for (const key of given) {
      const owners = standing.filter((customer) => this.store.keysOf(customer).includes(key));
      if (owners.length === 0 && !doubtful.has(key)) return `the number ${key} was given to a customer and nobody has it`;
    }
    return undefined;
  }
}

const refused = (error: unknown): undefined => {
  if (!(error instanceof CallCentreError)) throw error;
  return undefined;
};

const principalOf = (userId: string): Principal => ({
  ...{ userId, name: userId, sessionId: '', roles: userId.startsWith('s') ? ['agent', 'supervisor'] : ['agent'] },
  scope: { queues: [], sites: [], clientUnits: [] },
});

export const customers: Edge = {
  name: 'customers',
  sentence:
    'A number that a customer has is lost by no merge and no separation, nobody writes over what somebody else wrote, and of whoever was erased nothing is left, also of what was noted during calls that have ended (docs/adr/0075-customers-are-records-of-a-client-unit.md).',
  async run(random) {
    const world = new CustomerWorld(random);
    await world.live();
    return world.wrong ?? world.judge();
  },
};

import type { World } from '../world.js';

/** People by their number, each in the spellings in which carriers and exchanges deliver it; whoever withholds it is nobody. */
const SPELLINGS: Readonly<Record<string, readonly string[]>> = {
  '13800000001': ['13800000001', '+8613800000001', '8613800000001', '013800000001', '008613800000001', '1790913800000001'],
  '13800000002': ['13800000002', '+8613800000002'],
  '02158880003': ['02158880003', '+862158880003', '862158880003'],
  '13900000004': ['13900000004'],
  '': ['anonymous'],
};
const LOOK_MS = 400;
/** Chance, at each look while a question is asked, that the caller gives a score. */
const SCORES = 0.2;

/** Someone outside who calls: listens, presses keys, talks when a person is heard, hangs up when it has lasted too long or is over. */
export class Caller {
  readonly party: string;
  state: 'calling' | 'up' | 'over' = 'calling';
  /** Whose call it is; empty for a withheld number. */
  readonly person: string;
  #hangUp: () => void = () => undefined;
  readonly #atMs: number;
  #talkingSinceMs: number | undefined;
  readonly #patienceMs: number;
  readonly #talkMs: number;
  /** Says goodbye and leaves it to the agent to hang up. */
  readonly #leavesItToTheAgent: boolean;
  wantsToEnd = false;

  constructor(
    private readonly world: World,
    number: number,
  ) {
    const { random, profile, scheduler, stores } = world;
    this.party = `caller:${number}`;
    this.person = random.pick(Object.keys(SPELLINGS));
    const callerNumber = random.pick(SPELLINGS[this.person] ?? []);
    this.#atMs = scheduler.nowMs;
    this.#patienceMs = 3_000 + random.around(profile.patienceMs);
    this.#talkMs = 2_000 + random.around(profile.talkMs);
    this.#leavesItToTheAgent = random.chance(0.6);
    const called = random.pick([...stores.numbers.keys()]);
    world.note(this.party, 'calls', { called });
    this.#hangUp = world.sip.call(
      { callerNumber, called },
      {
        party: this.party,
        onAnswered: () => {
          if (this.state === 'calling') this.state = 'up';
        },
        onRefused: (failure) => {
          world.note(this.party, 'was refused', { failure });
          this.state = 'over';
        },
        onBye: () => {
          world.note(this.party, 'was hung up', {});
          this.state = 'over';
        },
      },
    );
    this.#look();
  }

  #look(): void {
    this.world.scheduler.after(LOOK_MS, () => {
      if (this.state === 'over') return;
      this.#decide();
      this.#look();
    });
  }

  #decide(): void {
    const { world } = this;
    const { random, scheduler, relay } = world;
    const legId = relay.legOf(this.party);
    const heard = legId === undefined ? undefined : relay.hears(legId);
    const someone = [...(heard ?? [])].some((source) => !source.startsWith('file:'));
    if (someone) this.#talkingSinceMs ??= scheduler.nowMs;
    const talkedMs = this.#talkingSinceMs === undefined ? 0 : scheduler.nowMs - this.#talkingSinceMs;
    const patience = world.healthy ? Math.min(this.#patienceMs, 240_000) : this.#patienceMs;
    if (this.#talkingSinceMs !== undefined && talkedMs > this.#talkMs) {
      if (!this.wantsToEnd) world.note(this.party, 'says goodbye', {});
      this.wantsToEnd = true;
      // The survey plays, because the agent hung up first.
      if (legId !== undefined && [...(heard ?? [])].some((source) => source.startsWith('file:survey')) && random.chance(SCORES))
        this.press(legId, random.pick(['1', '2', '3', '4', '5', '9']));
      if (!this.#leavesItToTheAgent || talkedMs > this.#talkMs + 60_000) this.hangUp();
    } else if (this.#talkingSinceMs === undefined && scheduler.nowMs - this.#atMs > patience) this.hangUp();
    else if (this.state === 'up' && legId !== undefined && random.chance(world.profile.digits))
      this.press(legId, random.pick(['1', '1', '2', '3', '5', '9']));
  }

  press(legId: string, key: string): void {
    this.world.note(this.party, 'presses', { key });
    this.world.telephony.key(legId, key);
  }

  hangUp(): void {
    if (this.state === 'over') return;
    this.world.note(this.party, 'hangs up', {});
    this.state = 'over';
    this.#hangUp();
  }
}

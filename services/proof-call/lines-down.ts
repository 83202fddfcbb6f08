import type { TrunkState } from '../shared/contracts/trunks/trunk-state.js';

type Line = Pick<TrunkState, 'trunkId' | 'ways' | 'registration' | 'registrationHistory'>;

/** One lost OPTIONS makes an address look dead for 5 s; two in a row are an outage. */
const SHORTEST_OUTAGE_MS = 10_000;

/** A time during which something was down, in milliseconds since 1970. */
interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}
interface Step {
  readonly isDown: boolean;
  readonly fromMs: number;
}

const isRefused = (registration: string): boolean => registration !== 'registered' && registration !== 'new';

/** No address answers, or the carrier refuses the registration. The state of a trunk that is neither asked nor registered is unknown. */
const isDown = ({ ways, registration }: Line): boolean =>
  (ways.length > 0 && ways.every(({ state }) => state === 'down')) || (registration !== undefined && isRefused(registration));

/** An unknown state (before the first step) does not count as down. */
function spansOf(steps: readonly Step[], nowMs: number): readonly Span[] {
  return steps.flatMap(({ isDown: down, fromMs }, place) => (down ? [{ fromMs, untilMs: steps[place + 1]?.fromMs ?? nowMs }] : []));
}

const both = (some: readonly Span[], others: readonly Span[]): readonly Span[] =>
  some.flatMap((one) =>
    others.flatMap((other) => {
      const [fromMs, untilMs] = [Math.max(one.fromMs, other.fromMs), Math.min(one.untilMs, other.untilMs)];
      return fromMs < untilMs ? [{ fromMs, untilMs }] : [];
    }),
  );

/** The times when no address of the line answered, and when the carrier refused its registration. */
function outagesOf({ ways, registrationHistory = [] }: Line, nowMs: number): readonly Span[] {
  const each = ways.map(({ state, since, history }) =>
    spansOf(
      [...history, { state, from: since }].map((step) => ({ isDown: step.state === 'down', fromMs: Date.parse(step.from) })),
      nowMs,
    ),
  );
  const silent = each.length === 0 ? [] : each.reduce(both);
  const refused = spansOf(
    registrationHistory.map(({ state, from }) => ({ isDown: isRefused(state), fromMs: Date.parse(from) })),
    nowMs,
  );
  return [...silent, ...refused];
}

/**
 * The ids of the enabled trunks, in order, that are down at this moment, or were down for 10 s or more since `sinceMs`. Times are
 * milliseconds since 1970.
 */
export const linesDown = (states: readonly Line[], { sinceMs, nowMs }: { readonly sinceMs: number; readonly nowMs: number }): string[] =>
  states
    .filter(
      (line) =>
        isDown(line) || outagesOf(line, nowMs).some(({ fromMs, untilMs }) => untilMs - Math.max(fromMs, sinceMs) >= SHORTEST_OUTAGE_MS),
    )
    .map(({ trunkId }) => trunkId)
    .sort();

import type { TrunkState } from '../../shared/contracts/trunks/trunk-state.js';

type Line = Pick<TrunkState, 'trunkId' | 'ways' | 'registration' | 'registrationHistory'>;

/** One question that is lost makes an address look dead for 5 s; two in a row are an outage. */
const SHORTEST_OUTAGE_MS = 10_000;

/** From when on something was down, in milliseconds since 1970, until when. */
interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}
interface Step {
  readonly isDown: boolean;
  readonly fromMs: number;
}

const isRefused = (registration: string): boolean => registration !== 'registered' && registration !== 'new';

/** No address answers, or the carrier does not take the registration. Of a trunk that is neither asked nor registered nobody knows. */
const isDown = ({ ways, registration }: Line): boolean =>
  (ways.length > 0 && ways.every(({ state }) => state === 'down')) || (registration !== undefined && isRefused(registration));

/** What is not known (before the first step) is not down. */
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

/** When no address of the line answered, and when the carrier did not take its registration. */
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
 * The enabled trunks over which nothing goes at this moment, or over which nothing went for 10 s and more since `sinceMs`, by their ids, in
 * order. Times are milliseconds since 1970.
 */
export const linesDown = (states: readonly Line[], { sinceMs, nowMs }: { readonly sinceMs: number; readonly nowMs: number }): string[] =>
  states
    .filter(
      (line) =>
        isDown(line) || outagesOf(line, nowMs).some(({ fromMs, untilMs }) => untilMs - Math.max(fromMs, sinceMs) >= SHORTEST_OUTAGE_MS),
    )
    .map(({ trunkId }) => trunkId)
    .sort();

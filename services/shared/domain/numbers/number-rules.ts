import { isEmergencyNumber, planned } from './numbering-plan.js';

/** Whose number, and which way the call goes. `caller-out` is the number of ours that is shown. */
export const numberRuleUses = ['called-in', 'caller-in', 'called-out', 'caller-out'] as const;
export type NumberRuleUse = (typeof numberRuleUses)[number];

/** How a carrier writes numbers, where it differs from the numbering plan: what stands before a number is exchanged. */
export interface NumberRule {
  readonly use: NumberRuleUse;
  /** With what the number begins; every number when it is empty. */
  readonly starts: string;
  /** How many characters the number has, a plus included; any when it is left out. */
  readonly length?: number | undefined;
  /** So many characters at the front are taken away. */
  readonly remove: number;
  /** This is put before what is left. */
  readonly put: string;
}

/** What a rule leaves of a number: so much that it stays a number of the same person or service. */
const SHORTEST_KEPT = 3;
const NUMBER = /^\+?\d{3,20}$/;
/** Area code with the 0 of long distance: two digits in the largest cities, else three. */
const AREA_CODE = /^0(?:10|2\d|\d{3})/;

/** A number, and the place of the rule that changed it. */
export interface Written {
  readonly number: string;
  readonly rule?: number;
}

/**
 * The first rule of a use that fits a number, applied. A number that no rule fits stays as it is, and an emergency number always does. Of a call
 * that leaves, a rule that would make another number of it fits nothing: the gate permitted the one that came in here.
 */
export function writtenBy(rules: readonly NumberRule[], use: NumberRuleUse, number: string): Written {
  if (!NUMBER.test(number) || isEmergencyNumber(number)) return { number };
  for (const [place, rule] of rules.entries()) {
    if (rule.use !== use || !number.startsWith(rule.starts)) continue;
    if (rule.length !== undefined && number.length !== rule.length) continue;
    const kept = number.slice(rule.remove);
    const made = rule.put + kept;
    if (kept.length < SHORTEST_KEPT || !NUMBER.test(made) || isEmergencyNumber(made)) continue;
    if ((use === 'called-out' || use === 'caller-out') && !isSame(number, made, use)) continue;
    return { number: made, rule: place };
  }
  return { number };
}

/** Whether what leaves still reaches, or shows, the number that was permitted. */
function isSame(permitted: string, made: string, use: 'called-out' | 'caller-out'): boolean {
  const [before, after] = [planned(permitted), planned(made)];
  const whole = before?.text ?? permitted;
  // Within its area alone a number has a shorter form; a mobile has none.
  const subscriber = before?.kind === 'geographic' ? whole.replace(AREA_CODE, '') : whole;
  if (after !== undefined) return after.text === whole || (after.kind === 'local' && after.text === subscriber);
  // A prefix that the plan does not know is one of the carrier's own: it chooses a route. Nobody is shown one.
  return (use === 'called-out' || before === undefined) && made.endsWith(subscriber.replace(/^\+/, ''));
}

import { isEmergencyNumber, planned } from './numbering-plan.js';

/** Whose number it is, and in which direction the call goes. `caller-out` is our number, which the called person sees. */
export const numberRuleUses = ['called-in', 'caller-in', 'called-out', 'caller-out'] as const;
export type NumberRuleUse = (typeof numberRuleUses)[number];

/** How a carrier writes numbers where it differs from the numbering plan: the rule replaces the beginning of a number. */
export interface NumberRule {
  readonly use: NumberRuleUse;
  /** The beginning of the number; every number when it is empty. */
  readonly starts: string;
  /** The length of the number, a plus included; any length when it is missing. */
  readonly length?: number | undefined;
  /** Removes this many characters at the front. */
  readonly remove: number;
  /** Adds this in front of what is left. */
  readonly put: string;
}

/** Checks the result of a rule: it must still be a number of the same person or service. */
const SHORTEST_KEPT = 3;
const NUMBER = /^\+?\d{3,20}$/;
/** The area code with the leading 0: two digits after it in the largest cities, else three. */
const AREA_CODE = /^0(?:10|2\d|\d{3})/;

/** A number, and the index of the rule that changed it. */
export interface Written {
  readonly number: string;
  readonly rule?: number;
}

/**
 * Applies the first rule of a use that fits the number. A number that no rule fits stays as it is, and so does every emergency number. On
 * an outbound leg, a rule that would produce a different number is ignored: the gate permitted the number that was passed in.
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

/** Whether the number on the wire still reaches, or shows, the permitted number. */
function isSame(permitted: string, made: string, use: 'called-out' | 'caller-out'): boolean {
  const [before, after] = [planned(permitted), planned(made)];
  const whole = before?.text ?? permitted;
  // A landline has a shorter form, but only within its own area. A mobile number has none.
  const subscriber = before?.kind === 'geographic' ? whole.replace(AREA_CODE, '') : whole;
  if (after !== undefined) return after.text === whole || (after.kind === 'local' && after.text === subscriber);
  // A prefix that the plan does not know belongs to the carrier: it chooses a route. A number that is shown has none.
  return (use === 'called-out' || before === undefined) && made.endsWith(subscriber.replace(/^\+/, ''));
}

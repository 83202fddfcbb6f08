import type { CampaignView } from '../calling-out.js';

type Counts = Pick<CampaignView['counts'], 'all' | 'tried' | 'reached' | 'refused'>;

/** People who complained about the calls, per 10,000 who were reached; null when nobody was reached. */
export const complaintsPer10000 = ({ reached, refused, complained }: Pick<CampaignView['counts'], 'reached' | 'refused' | 'complained'>) =>
  reached + refused === 0 ? null : (10_000 * complained) / (reached + refused);

/** Shares of people in percent, each person counted once by the last attempt; null without a denominator. */
export function campaignRates({ all, tried, reached, refused }: Counts): {
  /** Of the people on the list, those who were called at least once. */
  readonly penetration: number | null;
  /** Of the called people, those who were reached. */
  readonly contact: number | null;
  /** Of the reached people, those who refused further calls by digit. */
  readonly refusal: number | null;
} {
  const spoken = reached + refused;
  return { penetration: percent(tried, all), contact: percent(spoken, tried), refusal: percent(refused, spoken) };
}

const percent = (part: number, whole: number): number | null => (whole === 0 ? null : (100 * part) / whole);

/** What the network did to the voice of one leg. */
export interface VoicePath {
  /** One-way delay, mouth to ear: half the round trip, the jitter buffer, packetisation. */
  readonly delayMs: number;
  readonly lossPercent: number;
  /** Equipment impairment and packet-loss robustness of the codec (ITU-T G.113 App. I): G.711 with concealment unless given. */
  readonly ie?: number;
  readonly bpl?: number;
}

/** Below it many people are dissatisfied (ITU-T G.107, table B.1): live pages warn, and a call that stays below it raises an alarm. */
export const POOR_MOS = 3.6;

/**
 * MOS-CQE, the E-model's estimate for narrow band (ITU-T G.107): R = 93.2 − Idd − Ie,eff with A = 0 and no echo, and with random loss
 * (BurstR = 1). The exponent of Idd is 6·sT = 6 with sT = 1; that interpretation is an open point (10-10) and is named where the figure is
 * printed.
 */
export function mosCqe({ delayMs, lossPercent, ie = 0, bpl = 25.1 }: VoicePath): { idd: number; ieEff: number; r: number; mos: number } {
  const idd = delayImpairment(delayMs);
  const ieEff = ie + ((95 - ie) * lossPercent) / (lossPercent + bpl);
  const r = 93.2 - idd - ieEff;
  return { idd, ieEff, r, mos: r < 0 ? 1 : r > 100 ? 4.5 : 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6 };
}

function delayImpairment(delayMs: number): number {
  if (delayMs <= 100) return 0;
  const x = Math.log2(delayMs / 100);
  return 25 * ((1 + x ** 6) ** (1 / 6) - 3 * (1 + (x / 3) ** 6) ** (1 / 6) + 2);
}

/**
 * Jitter is not a term of the model: it acts through the buffer that it makes necessary. Twice the mean deviation, plus 25 ms for packet
 * and codec.
 */
export const oneWayDelayMs = (roundTripMs: number, jitterMs: number): number => roundTripMs / 2 + 2 * jitterMs + 25;

import { ofService } from './formula.js';

/** The quality of the sound, as the E-model estimates it (ITU-T G.107). */
export const mediaFormulas = {
  mosMean: ofService(
    'mos-cqe-mean',
    'MOS-CQE 均值（E-model 估算）',
    'Mean MOS-CQE (E-model estimate)',
    'score',
    [
      'Σ 单呼 MOS-CQE ÷ 有媒体统计的呼叫数；R = 93.2 − Idd − Ie,eff,G.711 Ie = 0、Bpl = 25.1；单向时延 = RTT/2 + 2×抖动 + 25 ms',
      'Σ MOS-CQE of each call ÷ calls with media statistics; R = 93.2 − Idd − Ie,eff, G.711 Ie = 0, Bpl = 25.1; one-way delay = RTT/2 + 2 × jitter + 25 ms',
    ],
    'g107-exponent',
  ),
  mosGood: ofService(
    'mos-cqe-good',
    'R ≥ 80 的呼叫比例',
    'Calls with R ≥ 80',
    'percent',
    ['E-model R ≥ 80 的呼叫数 ÷ 有媒体统计的呼叫数', 'calls with E-model R ≥ 80 ÷ calls with media statistics'],
    'g107-exponent',
  ),
  mosVerySatisfied: ofService(
    'mos-cqe-r90',
    'MOS-CQE 分布：R ≥ 90（非常满意）',
    'MOS-CQE: R ≥ 90 (very satisfied)',
    'percent',
    ['E-model R ≥ 90 的呼叫数 ÷ 有媒体统计的呼叫数', 'calls with E-model R ≥ 90 ÷ calls with media statistics'],
    'g107-exponent',
  ),
  mosSatisfied: ofService(
    'mos-cqe-r80',
    'MOS-CQE 分布：80 ≤ R < 90（满意）',
    'MOS-CQE: 80 ≤ R < 90 (satisfied)',
    'percent',
    ['80 ≤ R < 90 的呼叫数 ÷ 有媒体统计的呼叫数', 'calls with 80 ≤ R < 90 ÷ calls with media statistics'],
    'g107-exponent',
  ),
  mosSomeDissatisfied: ofService(
    'mos-cqe-r70',
    'MOS-CQE 分布：70 ≤ R < 80（部分不满意）',
    'MOS-CQE: 70 ≤ R < 80 (some dissatisfied)',
    'percent',
    ['70 ≤ R < 80 的呼叫数 ÷ 有媒体统计的呼叫数', 'calls with 70 ≤ R < 80 ÷ calls with media statistics'],
    'g107-exponent',
  ),
  mosManyDissatisfied: ofService(
    'mos-cqe-r60',
    'MOS-CQE 分布：60 ≤ R < 70（多数不满意）',
    'MOS-CQE: 60 ≤ R < 70 (many dissatisfied)',
    'percent',
    ['60 ≤ R < 70 的呼叫数 ÷ 有媒体统计的呼叫数', 'calls with 60 ≤ R < 70 ÷ calls with media statistics'],
    'g107-exponent',
  ),
  mosNearlyAllDissatisfied: ofService(
    'mos-cqe-r0',
    'MOS-CQE 分布：R < 60（几乎全部不满意）',
    'MOS-CQE: R < 60 (nearly all dissatisfied)',
    'percent',
    ['R < 60 的呼叫数 ÷ 有媒体统计的呼叫数', 'calls with R < 60 ÷ calls with media statistics'],
    'g107-exponent',
  ),
} as const;

import type { Config } from '../settings/config.js';

/** The ports from the first to the last, both included. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

type RangeConfig = Pick<
  Config,
  'RTPENGINE_PORT_MIN' | 'RTPENGINE_PORT_MAX' | 'RECORDER_PORT_MIN' | 'RECORDER_PORT_MAX' | 'MIXER_PORT_MIN' | 'MIXER_PORT_MAX'
>;

/** The port ranges that the media relay, the recorder and the mixer use for media. */
export const mediaRangesOf = (config: RangeConfig): PortRange[] => [
  { from: config.RTPENGINE_PORT_MIN, to: config.RTPENGINE_PORT_MAX },
  { from: config.RECORDER_PORT_MIN, to: config.RECORDER_PORT_MAX },
  { from: config.MIXER_PORT_MIN, to: config.MIXER_PORT_MAX },
];

export const isIn = (ranges: readonly PortRange[], port: number): boolean => ranges.some(({ from, to }) => port >= from && port <= to);

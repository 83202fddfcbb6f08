import { createMixer } from '../media/index.js';
import type { ComposeRole } from './context.js';

export const compose: ComposeRole = async ({ config, commands, bus, log }) => [
  createMixer({ address: config.MIXER_ADDRESS, portMin: config.MIXER_PORT_MIN, portMax: config.MIXER_PORT_MAX, commands, bus, log }),
];

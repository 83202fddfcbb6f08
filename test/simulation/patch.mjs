// Puts one known fault back into the source while it is loaded: SIMULATION_PATCH is [{file, find, replace}]. Nothing on the disk changes.
import { register } from 'node:module';

register('./patch-hooks.mjs', import.meta.url, { data: JSON.parse(process.env.SIMULATION_PATCH ?? '[]') });

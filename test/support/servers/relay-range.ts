const FIRST = 20_000;
const PORTS_OF_WORKER = 2_500;
const WORKERS = 4;

/**
 * This many ports for a relay. Tests that run side by side have ranges of their own: a stranger that sweeps the ports of one relay must not
 * be heard by that of another test.
 */
export function relayRange(ports: number): { readonly min: number; readonly max: number } {
  const worker = (Number(process.env['JEST_WORKER_ID'] ?? '1') - 1) % WORKERS;
  const min = FIRST + worker * PORTS_OF_WORKER + 2 * Math.floor((Math.random() * (PORTS_OF_WORKER - ports)) / 2);
  return { min, max: min + ports - 1 };
}

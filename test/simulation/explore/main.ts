// npm run explore -- --depth N: every interleaving of one call in small worlds, two agents and a supervisor. See docs/simulation.md.
import { parseArgs } from 'node:util';
import { explore, worlds } from './explore.js';

const USUAL_DEPTH = 12;
const DEEPEST = 40;

function depthOf(text: string | undefined): number | undefined {
  const depth = text === undefined ? USUAL_DEPTH : Number(text);
  return Number.isInteger(depth) && depth >= 1 && depth <= DEEPEST ? depth : undefined;
}

function main(): number {
  const { values } = parseArgs({ options: { depth: { type: 'string' } } });
  const depth = depthOf(values.depth);
  if (depth === undefined) {
    console.error(`--depth asks for a whole number from 1 to ${DEEPEST}.`);
    return 2;
  }
  const startedMs = performance.now();
  const sum = { states: 0, transitions: 0 };
  for (const world of worlds) {
    const { states, transitions, depth: reached, violation } = explore(world, depth);
    sum.states += states;
    sum.transitions += transitions;
    console.log(`${world.name}: ${states} states, ${transitions} transitions, depth ${reached}`);
    if (violation === undefined) continue;
    console.log(`\n${violation.path.join('\n')}\n${violation.text}`);
    return 1;
  }
  console.log(
    `${sum.states} states, ${sum.transitions} transitions, depth ${depth}, ${((performance.now() - startedMs) / 1_000).toFixed(1)} s`,
  );
  return 0;
}

try {
  process.exitCode = main();
} catch (error) {
  // For an unknown option the message is enough.
  console.error(error instanceof TypeError && 'code' in error ? error.message : error);
  process.exitCode = 2;
}

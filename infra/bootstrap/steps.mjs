import { say } from './language.mjs';

/** Shows steps one by one: `[2/4] npm packages ... done (12.3 s)`. A step returns the words for its end. */
export async function runSteps(steps, write = (text) => process.stdout.write(text)) {
  for (const [index, { title, run }] of steps.entries()) {
    write(`[${index + 1}/${steps.length}] ${title} ... `);
    const startedAtMs = Date.now();
    let outcome;
    try {
      outcome = await run();
    } catch (error) {
      write(`${say('failed', '失败')}\n`);
      throw error;
    }
    const seconds = (Date.now() - startedAtMs) / 1000;
    write(`${outcome}${seconds >= 1 ? ` (${seconds.toFixed(1)} s)` : ''}\n`);
  }
}

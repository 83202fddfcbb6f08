// A process of the pool (pool.ts): is sent seeds one at a time, and answers each with what it has shown.
import { runSeed } from '../run.js';
import type { Asked, Shown } from './pool.js';

process.on('message', (asked: Asked) => {
  void show(asked).then((shown) => process.send?.(shown));
});

async function show({ seed, profile }: Asked): Promise<Shown> {
  const { digest, violation, profile: name } = await runSeed({ seed, profile });
  const fault =
    violation === undefined
      ? ''
      : [
          `seed ${seed} (${name})`,
          violation.text,
          violation.sentence,
          ...violation.history,
          `again: npm run simulate -- --seed ${seed} --profile ${name} --trace`,
        ].join('\n');
  return { digest, fault };
}

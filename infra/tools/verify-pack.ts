import { verifyPack } from '../../services/evidence/index.js';
import { readOptions } from './options.js';

/**
 * `npm run verify-pack -- FILE [--key FINGERPRINT] [--sheet HASH] [--seed SEED] [--drawn COUNT]`: exit code 0 when nothing is wrong and the
 * key is the one told, 3 when nothing is wrong and something could not be compared, 1 when something is wrong, 2 when it is no pack.
 */
async function main(): Promise<number> {
  const { options, rest } = readOptions(process.argv.slice(2), ['key', 'sheet', 'seed', 'drawn']);
  const [path] = rest;
  if (path === undefined || rest.length > 1)
    throw new Error('Give one file: npm run verify-pack -- FILE [--key FINGERPRINT] [--sheet HASH] [--seed SEED] [--drawn COUNT]');
  const begun = performance.now();
  const hex = (text: string): string => text.toLowerCase().replace(/[^0-9a-f]/g, '');
  const verdict = await verifyPack(path, {
    ...(options.key === undefined ? {} : { trustedFingerprint: hex(options.key) }),
    ...(options.sheet === undefined ? {} : { toldSheet: hex(options.sheet) }),
    ...(options.seed === undefined ? {} : { toldSeed: options.seed.trim() }),
    ...(options.drawn === undefined ? {} : { toldCount: Number(options.drawn) }),
  });
  const { manifest } = verdict;
  console.log(`${manifest.packId}  ${manifest.period.from} .. ${manifest.period.to}  made ${manifest.madeAt}`);
  console.log(`key       ${verdict.keyFingerprint}`);
  console.log(`manifest  ${verdict.manifestSha256}`);
  console.log(`previous  ${manifest.previous ?? '(first of its chain)'}`);
  for (const { code, level, subject, zh, en } of verdict.findings) console.log(`${level.toUpperCase()} ${code}: ${subject}: ${zh} / ${en}`);
  for (const { file, problem, detail } of verdict.problems) console.log(`${problem.toUpperCase()}  ${file}: ${detail}`);
  console.log(`signature ${verdict.signature}`);
  const { stamp } = verdict;
  console.log(`stamp     ${typeof stamp === 'string' ? stamp : `${stamp.at.toISOString()} by ${stamp.authority}`}`);
  const words = { green: 'VERIFIED', amber: 'UNCHANGED, BUT NOT ALL WAS COMPARED', red: 'NOT VERIFIED' }[verdict.colour];
  console.log(`${words}: ${verdict.files} files in ${Math.round(performance.now() - begun)} ms`);
  return { green: 0, amber: 3, red: 1 }[verdict.colour];
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : 'failed');
    process.exitCode = 2;
  },
);

import { verifyPacks, type VerifiedPack } from '../../services/evidence/index.js';
import { readOptions } from './options.js';

const USAGE = 'npm run verify-pack -- FILE [--key FINGERPRINT] [--sheet HASH] [--seed SEED] [--drawn COUNT]';

/**
 * `npm run verify-pack -- FILE [--key FINGERPRINT] [--sheet HASH] [--seed SEED] [--drawn COUNT]`: exit code 0 when nothing is wrong and the
 * key is the one told, 3 when nothing is wrong and something could not be compared, 1 when something is wrong, 2 when it is no pack. Of
 * several files each is verified, and how the packs follow one another.
 */
async function main(): Promise<number> {
  const { options, rest } = readOptions(process.argv.slice(2), ['key', 'sheet', 'seed', 'drawn']);
  if (rest.length === 0) throw new Error(`Give one file or several: ${USAGE}`);
  if (rest.length > 1 && [options.sheet, options.seed, options.drawn].some((each) => each !== undefined))
    throw new Error(`--sheet, --seed and --drawn belong to one pack; give one file: ${USAGE}`);
  const begun = performance.now();
  const hex = (text: string): string => text.toLowerCase().replace(/[^0-9a-f]/g, '');
  const { colour, packs, chain } = await verifyPacks(rest, {
    ...(options.key === undefined ? {} : { trustedFingerprint: hex(options.key) }),
    ...(options.sheet === undefined ? {} : { toldSheet: hex(options.sheet) }),
    ...(options.seed === undefined ? {} : { toldSeed: options.seed.trim() }),
    ...(options.drawn === undefined ? {} : { toldCount: Number(options.drawn) }),
  });
  for (const pack of packs) tell(pack, packs.length > 1);
  tellFindings(chain);
  const words = { green: 'VERIFIED', amber: 'UNCHANGED, BUT NOT ALL WAS COMPARED', red: 'NOT VERIFIED' }[colour];
  const files = packs.reduce((sum, pack) => sum + pack.files, 0);
  const of = packs.length > 1 ? `${packs.length} packs, ` : '';
  console.log(`${words}: ${of}${files} files in ${Math.round(performance.now() - begun)} ms`);
  return { green: 0, amber: 3, red: 1 }[colour];
}

function tellFindings(findings: VerifiedPack['findings']): void {
  for (const { code, level, subject, zh, en } of findings) console.log(`${level.toUpperCase()} ${code}: ${subject}: ${zh} / ${en}`);
}

function tell(verdict: VerifiedPack, isOneOfSeveral: boolean): void {
  const { manifest, history, stamp } = verdict;
  console.log(`${manifest.packId}  ${manifest.period.from} .. ${manifest.period.to}  made ${manifest.madeAt}`);
  console.log(`key       ${verdict.keyFingerprint}`);
  console.log(`manifest  ${verdict.manifestSha256}`);
  console.log(`previous  ${manifest.previous ?? '(first of its chain)'}`);
  for (const { at, backup } of history?.restores ?? []) console.log(`restored  ${at} from the backup ${backup}`);
  tellFindings(verdict.findings);
  for (const { file, problem, detail } of verdict.problems) console.log(`${problem.toUpperCase()}  ${file}: ${detail}`);
  console.log(`signature ${verdict.signature}`);
  console.log(`stamp     ${typeof stamp === 'string' ? stamp : `${stamp.at.toISOString()} by ${stamp.authority}`}`);
  if (isOneOfSeveral) console.log(`verdict   ${verdict.colour}\n`);
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : 'failed');
    process.exitCode = 2;
  },
);

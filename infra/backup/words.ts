import type { Language } from '../supervisor/words.js';
import type { BackupProblemCode } from './problem.js';

type Facts = Readonly<Record<string, string | number>>;
interface Both {
  readonly en: string;
  readonly zh: string;
}

const room = ({ needMb, freeMb }: Facts): Both =>
  needMb === undefined
    ? { en: '', zh: '' }
    : { en: ` It needs ${needMb} MB and has ${freeMb ?? 0} MB free.`, zh: `需要 ${needMb} MB，剩余 ${freeMb ?? 0} MB。` };

const problems: Readonly<Record<BackupProblemCode, (facts: Facts) => Both>> = {
  'usage-backup': () => ({
    en: 'Usage: npm run backup -- --to DIR --passphrase-file FILE [--keep N] [--json]\n       npm run backup -- --check DIR/NAME --passphrase-file FILE',
    zh: '用法：npm run backup -- --to 目录 --passphrase-file 文件 [--keep 份数] [--json]\n      npm run backup -- --check 目录/备份名 --passphrase-file 文件',
  }),
  'usage-restore': () => ({
    en: 'Usage: PROOFLINE_HOME=EMPTY_DIR npm run restore -- --from DIR/NAME --passphrase-file FILE',
    zh: '用法：PROOFLINE_HOME=空目录 npm run restore -- --from 目录/备份名 --passphrase-file 文件',
  }),
  'no-passphrase': () => ({
    en: 'A passphrase for the secrets is needed: name its file with --passphrase-file or BACKUP_PASSPHRASE_FILE, and keep a copy away from this machine.',
    zh: '需要用于加密密钥的口令：请用 --passphrase-file 或 BACKUP_PASSPHRASE_FILE 指定口令文件，并在本机之外另存一份。',
  }),
  'passphrase-unreadable': ({ file, cause }) => ({
    en: `The passphrase file ${file} cannot be read (${cause}).`,
    zh: `无法读取口令文件 ${file}（${cause}）。`,
  }),
  'weak-passphrase': ({ least }) => ({
    en: `The passphrase is too short: at least ${least} characters.`,
    zh: `口令过短：至少 ${least} 个字符。`,
  }),
  'wrong-passphrase': () => ({
    en: 'The secrets of this backup cannot be opened: the passphrase is another one, or the file sealed.bin was changed.',
    zh: '无法解开此备份中的密钥：口令不符，或 sealed.bin 文件已被改动。',
  }),
  'nothing-to-back-up': ({ folder }) => ({
    en: `There is no installation in ${folder}: name its data folder by PROOFLINE_HOME.`,
    zh: `${folder} 中没有本产品的数据：请用 PROOFLINE_HOME 指定数据目录。`,
  }),
  'inside-home': ({ folder }) => ({
    en: `${folder} is inside the data folder, and would be lost with it: name another folder, on another disk.`,
    zh: `${folder} 位于数据目录之内，会与数据一同丢失：请指定其他目录，最好在另一块磁盘上。`,
  }),
  'backup-going-on': () => ({
    en: 'Another backup of this data folder is being made: wait until it is done.',
    zh: '该数据目录正在进行另一个备份：请等待其完成。',
  }),
  'no-right': ({ folder, cause }) => ({
    en: `${folder} cannot be read or written (${cause}): check the folder and its rights.`,
    zh: `无法读写 ${folder}（${cause}）：请检查该目录及其权限。`,
  }),
  'disk-full': (facts) => ({
    en: `The disk of ${facts['folder'] ?? ''} has no room.${room(facts).en} Nothing was kept.`,
    zh: `${facts['folder'] ?? ''} 所在磁盘空间不足。${room(facts).zh}未保留任何内容。`,
  }),
  'not-a-backup': ({ folder, cause }) => ({
    en: `${folder} holds no backup (${cause}): name one folder of a backup, proofline-DATE.`,
    zh: `${folder} 中没有备份（${cause}）：请指定某一次备份的目录（proofline-日期）。`,
  }),
  'not-finished': ({ folder }) => ({
    en: `The backup ${folder} is incomplete: take another one.`,
    zh: `备份 ${folder} 未完成：请选用其他备份。`,
  }),
  'other-format': ({ found, read }) => ({
    en: `The backup has format ${found}; this version reads format ${read}: use the version of the product that is named in its manifest.json.`,
    zh: `该备份的格式为 ${found}，本版本只能读取格式 ${read}：请使用其 manifest.json 中所列版本的产品。`,
  }),
  'file-missing': ({ file }) => ({
    en: `The backup lacks the file ${file}: take another one.`,
    zh: `备份中缺少文件 ${file}：请选用其他备份。`,
  }),
  'file-altered': ({ file }) => ({
    en: `The file ${file} is not what was backed up: take another backup.`,
    zh: `文件 ${file} 与备份时不一致：请选用其他备份。`,
  }),
  'home-not-empty': ({ folder }) => ({
    en: `${folder} is not empty: a backup is restored into an empty folder only. Name another by PROOFLINE_HOME.`,
    zh: `${folder} 不是空目录：备份只能恢复到空目录。请用 PROOFLINE_HOME 指定其他目录。`,
  }),
  'documents-damaged': ({ reason }) => ({
    en: `The document store is damaged: ${reason}`,
    zh: `文档存储存在损坏：${reason}`,
  }),
  'objects-damaged': ({ count }) => ({
    en: `${count} stored objects lack their files: run npm run object-store -- --data DIR --check.`,
    zh: `${count} 个已存对象缺少文件：请运行 npm run object-store -- --data 目录 --check 查看。`,
  }),
};

export const problemText = (language: Language, code: BackupProblemCode, facts: Facts): string => problems[code](facts)[language];

/** A step of a long work. */
export type Step =
  | { readonly kind: 'documents'; readonly line: string }
  | { readonly kind: 'objects' | 'checking' | 'copying'; readonly done: number; readonly total: number }
  | { readonly kind: 'flushing' | 'verifying' };
export type Progress = (step: Step) => void;

export function stepText(language: Language, step: Step): string {
  const zh = language === 'zh';
  switch (step.kind) {
    case 'documents':
      return zh ? `文档：${step.line}` : `documents: ${step.line}`;
    case 'objects':
      return zh ? `对象：${step.done} / ${step.total} 个文件` : `objects: ${step.done} of ${step.total} files`;
    case 'checking':
      return zh ? `核对备份：${step.done} / ${step.total} 个文件` : `reading the backup: ${step.done} of ${step.total} files`;
    case 'copying':
      return zh ? `恢复：${step.done} / ${step.total} 个文件` : `restoring: ${step.done} of ${step.total} files`;
    case 'flushing':
      return zh ? '写入磁盘' : 'flushing to the disk';
    case 'verifying':
      return zh ? '核验恢复后的数据' : 'verifying what was restored';
  }
}

export interface Made {
  readonly folder: string;
  readonly bytes: number;
  readonly files: number;
  readonly linked: number;
  readonly damaged: number;
  readonly seconds: number;
  readonly elsewhere: readonly string[];
  readonly secretsInEnvironment: readonly string[];
}

const elsewhereWords: Readonly<Record<string, Both>> = {
  documents: {
    en: 'Not in it: the documents, which are on a MongoDB of your own. Run mongodump --uri=… --oplog beside each backup.',
    zh: '未包含：文档数据存放在您自己的 MongoDB 中。请在每次备份时另行运行 mongodump --uri=… --oplog。',
  },
  objects: {
    en: 'Not in it: the recordings, which are on an S3 server of your own. Run node dist/infra/embedded/objects/copy.js to a second server: it copies versions and locks.',
    zh: '未包含：录音存放在您自己的 S3 服务器中。请运行 node dist/infra/embedded/objects/copy.js 复制到第二台服务器：版本与锁定一并复制。',
  },
};

export function madeText(language: Language, made: Made): string {
  const zh = language === 'zh';
  const mb = (made.bytes / 1e6).toFixed(1);
  const lines = [
    zh
      ? `备份完成：${made.folder}，${made.files} 个文件，${mb} MB（其中 ${made.linked} 个沿用上次备份），用时 ${made.seconds.toFixed(1)} 秒`
      : `Backed up: ${made.folder}, ${made.files} files, ${mb} MB (${made.linked} of them linked to the previous backup), in ${made.seconds.toFixed(1)} s`,
    ...made.elsewhere.map((part) => elsewhereWords[part]?.[language] ?? ''),
  ];
  if (made.damaged > 0)
    lines.push(
      zh
        ? `${made.damaged} 个已存对象已损坏，未包含在备份中：请运行 npm run object-store -- --data 目录 --check --deep 查看。`
        : `${made.damaged} stored objects are damaged and not in it: see npm run object-store -- --data DIR --check --deep.`,
    );
  if (made.secretsInEnvironment.length > 0)
    lines.push(
      zh
        ? `以下密钥由环境变量设置，不在备份中，请自行保存：${made.secretsInEnvironment.join('、')}`
        : `These secrets are set in the environment and are not in it, keep them yourself: ${made.secretsInEnvironment.join(', ')}`,
    );
  return lines.join('\n');
}

export const soundText = (language: Language, name: string, files: number, version: string): string =>
  language === 'zh'
    ? `备份 ${name} 完好：${files} 个文件均与备份时一致（产品版本 ${version}）`
    : `The backup ${name} is whole: ${files} files are what was backed up (product version ${version})`;

/** A line of what was found after a restore. */
export interface Finding {
  readonly what: 'documents' | 'objects' | 'audit' | 'ledger';
  readonly ok: boolean;
  readonly counts: readonly number[];
  readonly detail: string;
}

const findingWords: Readonly<Record<Finding['what'], (counts: readonly number[]) => Both>> = {
  documents: ([documents = 0, collections = 0]) => ({
    en: `documents   ${documents} in ${collections} collections`,
    zh: `文档        ${collections} 个集合，${documents} 个文档`,
  }),
  objects: ([versions = 0, files = 0]) => ({
    en: `objects     ${versions} versions, ${files} files`,
    zh: `对象        ${versions} 个版本，${files} 个文件`,
  }),
  audit: ([rows = 0]) => ({ en: `audit log   ${rows} rows`, zh: `审计记录    ${rows} 条` }),
  ledger: ([legs = 0, open = 0, ended = 0]) => ({
    en: `ledger      ${legs} legs; ${open} are archived at the next start, ${ended} of them of calls that were live: they end at the time of the backup`,
    zh: `录音台账    ${legs} 条；${open} 条将在下次启动时归档，其中 ${ended} 条的通话在备份时尚未结束，按备份时刻结束`,
  }),
};

export function findingText(language: Language, { what, ok, counts, detail }: Finding): string {
  const state = language === 'zh' ? (ok ? '完好' : '有问题') : ok ? 'whole' : 'NOT whole';
  return `${findingWords[what](counts)[language]}: ${state}${detail === '' ? '' : `\n  ${detail}`}`;
}

export function restoredText(language: Language, home: string, name: string, settings: string, missing: readonly string[]): string {
  const lines =
    language === 'zh'
      ? [
          `已从备份 ${name} 恢复到 ${home}。使用 PROOFLINE_HOME=${home} 启动；备份时的设置见 ${settings}。`,
          '原系统必须保持停止：同一站点不得同时运行两份。',
        ]
      : [
          `Restored ${name} into ${home}. Start it with PROOFLINE_HOME=${home}; its settings at the time of the backup are in ${settings}.`,
          'The original must stay stopped: one site must not run twice.',
        ];
  if (missing.length > 0)
    lines.push(
      language === 'zh'
        ? `启动前请在环境中设置这些密钥：${missing.join('、')}`
        : `Set these secrets in the environment before the start: ${missing.join(', ')}`,
    );
  return lines.join('\n');
}

import { parseInThread } from '../../shared/platform/file-parser.js';
import { parseMail } from './mail-parser.js';

await parseInThread((raw: Uint8Array) => parseMail(raw));

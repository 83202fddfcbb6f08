import { parseInProcess } from '../../shared/platform/files/file-parser.js';
import { parseMail } from './mail-parser.js';

parseInProcess((raw: Uint8Array) => parseMail(raw));

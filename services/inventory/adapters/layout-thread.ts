import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { ElkNode } from 'elkjs/lib/elk-api.js';
import { layOutHere } from './layout-engine.js';

const port = parentPort;
if (port === null) throw new Error('This module is the body of a worker thread.');
// On Linux this affects only this thread: a drawing takes no processor time from calls.
setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);
port.postMessage(await layOutHere(workerData as ElkNode));

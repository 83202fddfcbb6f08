// The archiving process, started by the recorder.
import { createCallReads } from '../calls/reads.js';
import { runFinishing } from '../recording/finishing/index.js';

await runFinishing((mongo) => createCallReads(mongo).calls);

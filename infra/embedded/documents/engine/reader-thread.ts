import { parentPort, workerData } from 'node:worker_threads';
import { encode, encodeAlone } from '../bson/encode.js';
import { Doc } from '../bson/document.js';
import { MongoError } from '../bson/errors.js';
import { Cursors, replyOf, type Batch } from './cursors.js';
import { Environment } from './environment.js';
import { isThreadSetup, type ThreadReply, type ThreadRequest } from './reader-messages.js';
import { Reader } from './reader.js';

// The entry of a reader thread: a read-only view of the same data, with the cursors of the queries that were handed to it.

const setup: unknown = workerData;
if (parentPort === null || !isThreadSetup(setup)) throw new Error('This file is the entry of a reader thread');
const port = parentPort;
const stopping = new Int32Array(setup.stopping);
const environment = new Environment(setup.folder, true);
const cursors = new Cursors(new Reader(environment), setup.firstCursorId, () => {
  if (Atomics.load(stopping, 0) === 1) throw new MongoError('InterruptedAtShutdown', 'The store is shutting down');
});

/** Room in a reply for what surrounds its documents, and for each document's place in the list. */
const answerBytes = 1024;
const placeBytes = 16;

function sent(batch: Batch, field: 'firstBatch' | 'nextBatch'): NonNullable<ThreadReply['batch']> {
  const expectedBytes = batch.documents.reduce((sum, doc) => sum + placeBytes + (doc.rawLength ?? placeBytes), answerBytes);
  return { namespace: batch.namespace, cursorId: batch.cursorId, reply: encodeAlone(replyOf(batch, field), expectedBytes) };
}

async function answer(request: ThreadRequest): Promise<ThreadReply> {
  const { id } = request;
  // The last snapshot may be older than a write the client has been told of.
  environment.refresh();
  switch (request.kind) {
    case 'start': {
      const batch = await cursors.start(request.database, Doc.fromBytes(Buffer.from(request.command)));
      return { id, batch: sent(batch, 'firstBatch') };
    }
    case 'next': {
      const batch = await cursors.next(request.cursorId, request.size);
      return { id, batch: sent(batch, 'nextBatch') };
    }
    case 'answer':
      return { id, document: encode(await cursors.answer(request.database, Doc.fromBytes(Buffer.from(request.command)))) };
    case 'candidates':
      return { id, keys: cursors.candidates(request.database, Doc.fromBytes(Buffer.from(request.command))) };
    case 'kill':
      return { id, found: cursors.kill(request.cursorId) };
    case 'expire':
      cursors.expire(Date.now());
      return { id, found: true };
    case 'stop':
      await environment.close();
      return { id, found: true };
  }
}

port.on('message', (request: ThreadRequest) => {
  answer(request).then(
    (reply) => {
      // Moved, not copied: the thread has no further use for it.
      port.postMessage(reply, reply.batch === undefined ? [] : [reply.batch.reply.buffer]);
      // A thread with the environment open must end by itself: terminating it can leave the writer waiting for ever.
      if (request.kind === 'stop') port.close();
    },
    (error: unknown) => {
      const known =
        error instanceof MongoError ? error : new MongoError('InternalError', error instanceof Error ? error.message : 'A reader failed');
      port.postMessage({ id: request.id, error: { codeName: known.codeName, message: known.message } } satisfies ThreadReply);
    },
  );
});

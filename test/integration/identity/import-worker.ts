import { Redis } from 'ioredis';
import mongoose from 'mongoose';
import { importRoutes } from './import-rig.js';

// One request of an import in a process of its own, which kills itself with SIGKILL before the write with this number. Answers on stdout.

const env = JSON.parse(process.argv[2] ?? '{}') as Record<string, string>;
const [, , , key = '', asked = '{}', lives = ''] = process.argv;
const writes = new Set(['insert', 'update', 'delete', 'findAndModify']);
let left = Number(lives);
const mongo = await mongoose.createConnection(env['MONGODB_URI'] ?? '', { monitorCommands: true, autoIndex: false }).asPromise();
const send = importRoutes(env, mongo, new Redis(env['VALKEY_URL'] ?? ''));
mongo.getClient().on('commandStarted', ({ commandName }) => {
  if (!writes.has(commandName)) return;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
  left -= 1;
});
const answer = await send(key, JSON.parse(asked) as object);
process.stdout.write(JSON.stringify(answer), () => process.exit(0));

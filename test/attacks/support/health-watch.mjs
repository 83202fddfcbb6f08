import { request, Agent } from 'node:https';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

// Asks for the product's health, one request after the other, in a thread of its own: what the attacker's own work costs is not counted.

const { url, answered } = workerData;
const agent = new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false });
const counter = new Int32Array(answered);
/** The pause between two requests, and after an answer that was not 200. */
const [BETWEEN_MS, AGAIN_MS] = [2, 100];

const ask = () =>
  new Promise((resolve) => {
    const asked = request(url, { agent }, (answer) => {
      answer.resume();
      answer.once('end', () => resolve(answer.statusCode));
      answer.once('error', () => resolve(0));
    });
    asked.once('error', () => resolve(0));
    asked.end();
  });

let goesOn = true;
parentPort.once('message', () => (goesOn = false));
const times = [];
do {
  const since = performance.now();
  const isWell = (await ask()) === 200;
  times.push(isWell ? performance.now() - since : Number.POSITIVE_INFINITY);
  Atomics.store(counter, 0, times.length);
  await pause(isWell ? BETWEEN_MS : AGAIN_MS);
} while (goesOn);
agent.destroy();
parentPort.postMessage(times);

import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { casesRound } from '../../cluster/rounds/cases.js';
import { startSecond, type SecondProcess } from '../../cluster/second-process.js';
import { MessageServers } from '../../support/servers/message-servers.js';
import { Stack } from '../../support/stack.js';

// The short form of `npm run cluster -- --only T13`.

jest.setTimeout(240_000);

let servers: MessageServers;
let stack: Stack;
let second: SecondProcess;

beforeAll(async () => {
  servers = await MessageServers.start();
  stack = await Stack.start({ layout: 'roles', env: servers.env });
  second = await startSecond(stack, 'cases', servers.env);
});
afterAll(async () => {
  await (second as SecondProcess | undefined)?.[Symbol.asyncDispose]();
  await (stack as Stack | undefined)?.[Symbol.asyncDispose]();
  await (servers as MessageServers | undefined)?.[Symbol.asyncDispose]();
});

test('cases is killed in the middle of a pack: the process that stood by goes on, and each mail goes out once', async () => {
  const round = await casesRound(stack, servers, second);
  expect(round.broken).toEqual([]);
  expect(round).toMatchObject({ ledgerIsWhole: true, auditIsWhole: true });
});

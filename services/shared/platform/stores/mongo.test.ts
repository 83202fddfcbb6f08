import { expect, test } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { mongoOptions } from './mongo.js';

test('what is written has a majority, and what is read too, whatever the address says', () => {
  const { user, pass, autoIndex, ...options } = { user: '', pass: '', ...mongoOptions({}) };
  const client = new MongoClient('mongodb://one,two,three/calls?replicaSet=rs&w=1&journal=false&readConcernLevel=local', options);
  expect(client.options.writeConcern).toMatchObject({ w: 'majority', journal: true, wtimeoutMS: 20_000 });
  expect(client.options.readConcern).toMatchObject({ level: 'majority' });
  expect({ user, pass, autoIndex }).toEqual({ user: '', pass: '', autoIndex: true });
});

test('the user comes beside the address', () => {
  expect(mongoOptions({ MONGODB_USER: 'proofline', MONGODB_PASSWORD: 'p' })).toMatchObject({ user: 'proofline', pass: 'p' });
});

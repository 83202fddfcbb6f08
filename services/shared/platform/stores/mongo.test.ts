import { expect, test } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { mongoOptions } from './mongo.js';

test('what is written has a majority, and what is read too, whatever the address says', () => {
  const { user, pass, autoIndex, autoCreate, ...options } = { user: '', pass: '', ...mongoOptions({}) };
  const client = new MongoClient('mongodb://one,two,three/calls?replicaSet=rs&w=1&journal=false&readConcernLevel=local', options);
  expect(client.options.writeConcern).toMatchObject({ w: 'majority', journal: true, wtimeoutMS: 20_000 });
  expect(client.options.readConcern).toMatchObject({ level: 'majority' });
  // Options of mongoose.
  expect({ user, pass, autoIndex, autoCreate }).toEqual({ user: '', pass: '', autoIndex: true, autoCreate: false });
});

test('the user comes beside the address', () => {
  expect(mongoOptions({ MONGODB_USER: 'proofline', MONGODB_PASSWORD: 'p' })).toMatchObject({ user: 'proofline', pass: 'p' });
});

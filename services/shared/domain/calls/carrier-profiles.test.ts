import { expect, test } from '@jest/globals';
import { Trunk } from '../../contracts/calls/flow.js';
import { carrierProfiles, profileOf } from './carrier-profiles.js';
import { writtenBy } from '../numbers/number-rules.js';

test.each(carrierProfiles)('a trunk of the profile %s is one that can be stored', (name) => {
  const { numberRules, codecs, ...rest } = profileOf[name];
  const trunk = { id: 'new', name: 'New', addresses: [], numberRules: [...numberRules], codecs: [...codecs], ...rest };
  expect(Trunk.safeParse(trunk).success).toBe(true);
});

test.each([
  ['13800000001', '+8613800000001'],
  ['02160000001', '+862160000001'],
  ['110', '110'],
])('an account of an IMS is sent %s as %s', (number, sent) => {
  expect(writtenBy(profileOf['ims-account'].numberRules, 'called-out', number).number).toBe(sent);
});

import { expect, test } from '@jest/globals';
import { givenSettings } from './config.js';

test('what a site set is told to tools without a secret: files of secrets by their path, secrets themselves by their name', () => {
  const given = givenSettings({
    DRACHTIO_URL: 'tcp://sip.site.example:9022',
    DRACHTIO_SECRET: 'quite-secret',
    S3_ENDPOINT: 'https://s3.site.example',
    S3_ACCESS_KEY_FILE: '/run/credentials/s3-access',
    S3_SECRET_KEY_FILE: '/run/credentials/s3-secret',
    MONGODB_URI: 'mongodb://proofline:quite-secret@db.site.example/proofline',
    VALKEY_URL: 'redis://live.site.example:6379',
    SITE_PROVINCE: '',
    PATH: '/usr/bin',
  });
  expect(given).toEqual({
    values: {
      DRACHTIO_URL: 'tcp://sip.site.example:9022',
      S3_ENDPOINT: 'https://s3.site.example',
      S3_ACCESS_KEY_FILE: '/run/credentials/s3-access',
      S3_SECRET_KEY_FILE: '/run/credentials/s3-secret',
      VALKEY_URL: 'redis://live.site.example:6379',
    },
    secretsInEnvironment: ['MONGODB_URI', 'DRACHTIO_SECRET'],
  });
  expect(JSON.stringify(given)).not.toContain('quite-secret');
});

test('an address with a password in it, in whatever place, is a secret as a whole', () => {
  for (const VALKEY_URL of [
    'redis://:quite-secret@one:6379',
    'sentinel://:quite-secret@one:1,two:2/calls',
    'sentinel://one/calls?password=quite-secret',
  ])
    expect(givenSettings({ VALKEY_URL })).toEqual({ values: {}, secretsInEnvironment: ['VALKEY_URL'] });
  const plain = { VALKEY_URL: 'sentinel://one:26379,two:26379/calls' };
  expect(givenSettings(plain)).toEqual({ values: plain, secretsInEnvironment: [] });
});

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

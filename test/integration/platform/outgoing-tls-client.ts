import { createSmtpProvider } from '../../../services/messages/adapters/smtp-provider.js';
import { createHttpSmsProvider } from '../../../services/messages/adapters/http-sms-provider.js';
import { createDingtalkRobot, createWebhook, createWecomRobot } from '../../../services/messages/adapters/robot-providers.js';
import type { Provider } from '../../../services/messages/ports.js';
import { requestTimeStamp } from '../../../services/shared/platform/signing/time-stamp.js';
import type { Config } from '../../../services/shared/platform/settings/config.js';
import { connectMongo } from '../../../services/shared/platform/stores/mongo.js';
import { createObjectClient } from '../../../services/shared/platform/stores/objects.js';
import { openValkey } from '../../../services/shared/platform/events/valkey-client.js';

// Each TLS client of the product once, against a server that hangs up after the first word that it gets. Run by outgoing-tls.test.ts with the
// name of the client and the port; ends with 0 whatever the server did.

const [, , name = '', port = ''] = process.argv;
const https = `https://127.0.0.1:${port}/`;
const secret = 'a secret of this test';

const send = (provider: Provider): Promise<void> =>
  provider.send({
    messageId: 'm',
    to: 'somebody@example.test',
    subject: 's',
    text: 't',
    way: 'webhook',
    topic: { kind: 'alarm', id: 'a' },
  });

const clients: Readonly<Record<string, () => Promise<unknown>>> = {
  webhook: () => send(createWebhook({ url: https, secret })),
  sms: () => send(createHttpSmsProvider({ url: https, secret })),
  wecom: () => send(createWecomRobot({ url: https })),
  dingtalk: () => send(createDingtalkRobot({ url: https, secret })),
  mail: () => send(createSmtpProvider({ url: `smtps://127.0.0.1:${port}`, from: 'proofline@example.test' })),
  'time stamp': () => requestTimeStamp(https, Buffer.from('bytes')),
  objects: () =>
    createObjectClient({ S3_ENDPOINT: https, S3_ACCESS_KEY: 'key', S3_SECRET_KEY: secret, S3_REGION: 'r' } as Config).bucketExists(
      'bucket',
    ),
  documents: () => connectMongo({ MONGODB_URI: `mongodb://127.0.0.1:${port}/proofline?tls=true` } as Config),
  'live state': () => openValkey(`rediss://127.0.0.1:${port}`, { maxRetriesPerRequest: 1 }).ping(),
};

await Promise.resolve(clients[name]?.()).catch(() => undefined);
process.exit(clients[name] === undefined ? 2 : 0);

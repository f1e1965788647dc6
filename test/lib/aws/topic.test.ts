import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { snsClient, snsPublisher } from '../../../lib/aws/topic.ts';
import { Unavailable } from '../../../lib/errors.ts';
import { type PublishedMail, startTopics, type TopicServer } from '../../../local/aws/topics.ts';
import { awsEnvironment } from '../../support/aws/aws-environment.ts';
import { patient } from '../../support/aws/patient.ts';
import { startFaultyProxy } from '../../support/http/faulty-proxy.ts';

const mails: PublishedMail[] = [];
let server: TopicServer;
let restore: () => void;
beforeAll(async () => {
  server = await startTopics({
    region: 'eu-west-1',
    ids: ['NoticeTopic'],
    onMail: (mail) => mails.push(mail),
  });
  restore = awsEnvironment();
});
afterAll(async () => {
  restore();
  await server.close();
});
beforeEach(() => {
  mails.length = 0;
});

function publisher(topic = server.topics.get('NoticeTopic')?.ref ?? '', endpoint = server.endpoint) {
  const client = snsClient({ endpoint, ...patient });
  return { publish: snsPublisher({ client, topic }), close: () => client.destroy() };
}

describe('a topic, over its own protocol', () => {
  test('takes a mail as it is', async () => {
    const { publish, close } = publisher();
    const mail = { subject: 'default: 3 failed', text: 'Bücher & “quotes”\n\nFix: ask\n' };
    await publish(mail);
    expect(mails).toEqual([mail]);
    close();
  });

  test('gets a mail whose answer was lost once more', async () => {
    const proxy = await startFaultyProxy(server.endpoint);
    const { publish, close } = publisher(undefined, proxy.endpoint);
    const mail = { subject: 'a', text: 'b' };
    proxy.next('lose-answer');
    await publish(mail);
    expect(mails).toEqual([mail, mail]);
    close();
    await proxy.close();
  });

  test.each([
    ['does not exist', () => publisher('arn:aws:sns:eu-west-1:000000000000:Gone')],
    ['is out of reach', () => publisher(undefined, 'http://127.0.0.1:9')],
  ])('that %s is out of reach', async (_, start) => {
    const { publish, close } = start();
    await expect(publish({ subject: 'a', text: 'b' })).rejects.toThrow(Unavailable);
    expect(mails).toEqual([]);
    close();
  });
});

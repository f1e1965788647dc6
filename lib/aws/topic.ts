import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Mailer } from '../sync/notices/publish.ts';
import { callAws } from './call-aws.ts';
import { type SdkSettings, sdkOptions } from './sdk-options.ts';

export function snsClient(settings?: SdkSettings): SNSClient {
  return new SNSClient(sdkOptions(settings));
}

/** Publishes mails to a topic; a subscriber by mail gets the subject as its subject. */
export function snsPublisher({ client, topic }: { client: SNSClient; topic: string }): Mailer['publish'] {
  return async ({ subject, text }) => {
    const command = new PublishCommand({ TopicArn: topic, Subject: subject, Message: text });
    await callAws('topic', (bounds) => client.send(command, bounds));
  };
}

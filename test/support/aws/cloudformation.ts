import { text } from 'node:stream/consumers';
import { startLocalEndpoint } from '../http/local-endpoint.ts';

function xml(tag: string, ...content: readonly string[]): string {
  return `<${tag}>${content.join('')}</${tag}>`;
}

type Texts = Readonly<Record<string, string>>;

function listXml(list: string, kind: string, texts: Texts): string {
  const members = Object.entries(texts).map(([key, value]) =>
    xml('member', xml(`${kind}Key`, key), xml(`${kind}Value`, value)),
  );
  return xml(list, ...members);
}

function stackXml(name: string, outputs: Texts, parameters: Texts): string {
  const stack = xml(
    'member',
    xml('StackName', name),
    xml('CreationTime', '2026-11-21T05:00:00Z'),
    xml('StackStatus', 'UPDATE_COMPLETE'),
    listXml('Outputs', 'Output', outputs),
    listXml('Parameters', 'Parameter', parameters),
  );
  return xml('DescribeStacksResponse', xml('DescribeStacksResult', xml('Stacks', stack)));
}

/** CloudFormation's protocol (AWS query), as much of it as describes stacks: the outputs of each, and its parameters. */
export function startCloudFormation(
  stacks: Readonly<Record<string, Texts>>,
  parameters: Readonly<Record<string, Texts>> = {},
) {
  return startLocalEndpoint(async (request, response) => {
    const form = new URLSearchParams(await text(request));
    const name = form.get('StackName') ?? '';
    const outputs = form.get('Action') === 'DescribeStacks' ? stacks[name] : undefined;
    response.setHeader('content-type', 'text/xml');
    if (outputs !== undefined) {
      response.end(stackXml(name, outputs, parameters[name] ?? {}));
      return;
    }
    const error = xml(
      'Error',
      xml('Type', 'Sender'),
      xml('Code', 'ValidationError'),
      xml('Message', `Stack with id ${name} does not exist`),
    );
    response.writeHead(400).end(xml('ErrorResponse', error));
  });
}

import { Option } from 'commander';

/** Every command takes them, before its name or after it. */
export function globalOptions(): Option[] {
  return [
    new Option('--local', 'the relay that npm start runs on this machine'),
    new Option('--stage <name>', 'the relay deployed as this stage, found with your AWS credentials'),
    new Option('--region <region>', 'AWS region of the stage (default: AWS_REGION)'),
    new Option(
      '--url <address>',
      'the relay at this address; RELAY_SECRET and RELAY_READ_TOKEN are read from the environment',
    ),
    new Option('--network <name>', 'the network (default: the only one there is)'),
    new Option('--json', 'print one JSON document to standard output'),
    new Option('--yes', 'answer every question with yes'),
    new Option('--debug', 'show the stack of an error'),
  ];
}

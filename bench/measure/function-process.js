// A process that runs bundles as Lambda does: it imports one, calls its handler, and answers with the CPU time of each step.
const context = { functionName: 'bench', awsRequestId: 'request', getRemainingTimeInMillis: () => 10_000 };

async function cpuOf(step) {
  const before = process.cpuUsage();
  const result = await step();
  const { user, system } = process.cpuUsage(before);
  return { result, cpu: user + system };
}

const handlers = new Map();

async function imported({ bundle }) {
  const { result, cpu } = await cpuOf(() => import(bundle));
  handlers.set(bundle, result.handler ?? result.default.handler);
  return { cpu };
}

async function called({ bundle, events }) {
  const handler = handlers.get(bundle);
  const { result, cpu } = await cpuOf(async () => {
    const statuses = [];
    for (const event of events) statuses.push((await handler(event, context)).statusCode);
    return statuses;
  });
  return { cpu, statuses: result };
}

process.on('message', async (message) => {
  process.send(message.events === undefined ? await imported(message) : await called(message));
});

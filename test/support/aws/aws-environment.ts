/**
 * Sets what the SDK takes from the environment and returns what puts it back. The SDK reads it at a client's first call,
 * not when the client is built.
 */
export function awsEnvironment(variables: Readonly<Record<string, string>> = {}): () => void {
  const wanted: Record<string, string> = {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    ...variables,
  };
  const before = Object.keys(wanted).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, wanted);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}

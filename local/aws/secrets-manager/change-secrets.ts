import { z } from 'zod';
import { type Answer, refusal } from './get-secret-value.ts';
import type { SecretsByNetwork } from './secrets-file.ts';

/** Keeps what networks' secrets hold from now on. */
export type SaveSecrets = (secrets: SecretsByNetwork) => void;

const createSchema = z.object({ Name: z.string().min(1), SecretString: z.string() });
const putSchema = z.object({ SecretId: z.string().min(1), SecretString: z.string() });
const deleteSchema = z.object({ SecretId: z.string().min(1) });

function parsed<T>(schema: z.ZodType<T>, body: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

/** An object where the text is one: the file of secrets is edited by people. */
function readable(text: string): unknown {
  const object = parsed(z.record(z.string(), z.unknown()), text);
  return object ?? text;
}

const faulty = refusal('InvalidParameterException', 'A name or a text is missing');
const missing = refusal('ResourceNotFoundException', 'Secrets Manager can not find the specified secret.');

function networkIn(name: string, prefix: string): string {
  return name.startsWith(prefix) ? name.slice(prefix.length) : '';
}

function done(name: string): Answer {
  return {
    status: 200,
    body: { ARN: `arn:aws:secretsmanager:eu-west-1:000000000000:secret:${name}-local1`, Name: name },
  };
}

/** The answer to one CreateSecret. `prefix` ends with a slash. */
export function createSecret(body: string, prefix: string, secrets: SecretsByNetwork, save: SaveSecrets) {
  const request = parsed(createSchema, body);
  if (request === undefined) return faulty;
  const network = networkIn(request.Name, prefix);
  if (network === '') return faulty;
  if (Object.hasOwn(secrets, network)) {
    return refusal('ResourceExistsException', `The operation failed because the secret already exists.`);
  }
  save({ ...secrets, [network]: readable(request.SecretString) });
  return done(request.Name);
}

/** The answer to one PutSecretValue. */
export function putSecretValue(body: string, prefix: string, secrets: SecretsByNetwork, save: SaveSecrets) {
  const request = parsed(putSchema, body);
  if (request === undefined) return faulty;
  const network = networkIn(request.SecretId, prefix);
  if (!Object.hasOwn(secrets, network)) return missing;
  save({ ...secrets, [network]: readable(request.SecretString) });
  return done(request.SecretId);
}

/** The answer to one DeleteSecret. Here it is gone at once: a file has no window in which it could be restored. */
export function deleteSecret(body: string, prefix: string, secrets: SecretsByNetwork, save: SaveSecrets) {
  const request = parsed(deleteSchema, body);
  if (request === undefined) return faulty;
  const network = networkIn(request.SecretId, prefix);
  if (!Object.hasOwn(secrets, network)) return missing;
  const { [network]: _deleted, ...others } = secrets;
  save(others);
  return done(request.SecretId);
}

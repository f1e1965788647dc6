import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createConfig, lint } from '@redocly/openapi-core';
import { problemTexts } from '../../functions/http/problem.ts';
import { projectDir } from '../../local/service.ts';
import { document } from '../../openapi/document.ts';
import { paths } from '../../openapi/paths.ts';
import { routes } from '../deploy/rules/api.ts';

const file = join(projectDir, 'docs', 'openapi.json');

describe('docs/openapi.json', () => {
  test('is what npm run openapi writes', async () => {
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(document)));
  });

  test('has no fault that Redocly knows, examples included', async () => {
    const config = await createConfig({
      extends: ['recommended-strict'],
      rules: { 'no-invalid-media-type-examples': { severity: 'error', allowAdditionalProperties: true } },
    });
    const problems = await lint({ ref: file, config });
    const found = problems.map(({ ruleId, message, location }) => ({
      ruleId,
      message,
      at: location.map(({ pointer }) => pointer),
    }));
    expect(found).toEqual([]);
  });

  test('describes every route, and no other', () => {
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.toSorted()).toEqual(Object.keys(routes).toSorted());
  });

  test('shows every type of problem', async () => {
    const text = await readFile(file, 'utf8');
    for (const type of Object.keys(problemTexts)) expect(text).toContain(`"${type}": {\n`);
  });
});

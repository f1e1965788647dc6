import { describe, expect, test } from '@jest/globals';
import { apiFaults } from '../deploy/rules/api.ts';
import { resolved } from '../deploy/template/resolved.ts';

import type { PackagedStack } from './packaged-stack.ts';

export function apiTests(stack: PackagedStack): void {
  const { replaced } = stack;

  describe('the API', () => {
    const named = { DomainName: 'relay.network.example' };

    test('has the routes of the contract, bounded one by one, and logs no path', () => {
      expect(apiFaults(stack.template)).toEqual([]);
    });

    test.each([
      ['a path is logged', 'HttpApiStage', '$context.routeKey', '$context.routeKey $context.path'],
      ['the caller is not logged', 'HttpApiStage', '$context.identity.sourceIp', ''],
      [
        'two routes share a bound',
        'HttpApiStage',
        '"POST /{network}/ssl-retry":{',
        '"POST /{network}/other":{',
      ],
      [
        'one dashboard spends a bound',
        'HttpApiStage',
        '"ThrottlingBurstLimit":20',
        '"ThrottlingBurstLimit":5',
      ],
      ['a route loses its bound', 'HttpApiStage', '"ThrottlingRateLimit":10', '"NoLimit":10'],
      [
        'the stage may come before a route',
        'HttpApiStage',
        '"HttpApiRouteGetNetworkVarConnection"',
        '"HttpApi"',
      ],
      ['a route is another', 'HttpApiRouteGetNetworkVarConnection', '/connection', '/connections'],
      ['any caller may call', 'ConnectionLambdaPermissionHttpApi', '"Ref":"HttpApi"', '"Ref":"Other"'],
    ])('is found faulty when %s', (_, id, before, next) => {
      expect(apiFaults(replaced(id, before, next))).not.toEqual([]);
    });

    test('has a name of its own only where one is given', () => {
      for (const DomainName of ['', 'none']) {
        const { Resources } = resolved(stack.written, { DomainName });
        expect(Resources).not.toHaveProperty('ApiDomainName');
        expect(Resources.HttpApi?.Properties).toHaveProperty('DisableExecuteApiEndpoint', false);
      }
      const { Resources } = resolved(stack.written, named);
      expect(Resources.ApiDomainName).toMatchObject({ Type: 'AWS::ApiGatewayV2::DomainName' });
      expect(Resources.ApiMapping).toMatchObject({ Type: 'AWS::ApiGatewayV2::ApiMapping' });
    });

    test('is closed at its name from AWS beside a name of its own, unless that is to stay', () => {
      const isClosed = (KeepDefaultAddress: string) =>
        resolved(stack.written, { ...named, KeepDefaultAddress }).Resources.HttpApi?.Properties
          .DisableExecuteApiEndpoint;
      expect(isClosed('')).toBe(true);
      expect(isClosed('false')).toBe(true);
      expect(isClosed('true')).toBe(false);
    });
  });
}

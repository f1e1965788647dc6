/**
 * Stands in for the SDK's `@aws-sdk/endpoint-cache` in a bundle (`alias` in serverless.yml): the SDK makes one for DynamoDB's
 * endpoint discovery, which no function turns on.
 */
export class EndpointCache {}

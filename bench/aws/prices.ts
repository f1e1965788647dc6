/**
 * AWS's list prices of eu-west-1 in US dollars, without free tiers, as published in 2025:
 * https://aws.amazon.com/cloudwatch/pricing/, /dynamodb/pricing/on-demand/, /lambda/pricing/, /sqs/pricing/,
 * /secrets-manager/pricing/, /api-gateway/pricing/ and /kms/pricing/.
 */
export const prices = {
  /** A month, of standard resolution; an alarm on metric math is charged for every metric in it. */
  alarmMetric: 0.1,
  dashboardMonth: 3,
  logGb: 0.57,
  secretMonth: 0.4,
  httpApiCall: 1.11 / 1_000_000,
  queueRequest: 0.4 / 1_000_000,
  readUnit: 0.1415 / 1_000_000,
  writeUnit: 0.705 / 1_000_000,
  lambdaCall: 0.2 / 1_000_000,
  /** On arm64. */
  lambdaGbSecond: 0.0000133334,
  keyRequest: 0.03 / 10_000,
} as const;

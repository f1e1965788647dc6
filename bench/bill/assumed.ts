/**
 * What a bill needs besides counts, and an emulator cannot tell. Rounded up from what AWS and RunCloud usually show; take the
 * first figures from your own bill.
 */
export const assumed = {
  /** A request to DynamoDB or SQS from a function of the same region. */
  awsSeconds: 0.008,
  /** A call to RunCloud. */
  runcloudSeconds: 0.5,
  /** The DNS gate and the handshake of one name. */
  checkSeconds: 0.3,
  /** The processor's own time of a call. */
  ownSeconds: 0.02,
  apiGb: 0.5,
  workerGb: 0.25,
  /** The line that tells how a pass over a domain ended. */
  waitingLineBytes: 600,
  /** What Lambda itself logs of a call: START, END and REPORT. */
  lambdaLogBytes: 300,
  lambdaLogEvents: 3,
  /** What CloudWatch adds to each event of a log. */
  logEventBytes: 26,
  /** A message is sent, received and deleted. The sender's own function pays for the first. */
  queueRequestsOfDelivery: 2,
} as const;

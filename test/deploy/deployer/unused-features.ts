type Feature = readonly [name: string, rights: RegExp];

const aliases: Feature = ['keys by their alias', /^kms:ListAliases$/];
const pinnedRuntime: Feature = [
  'a runtime that is pinned',
  /:(PutRuntimeManagementConfig|AssociateRuntimeAlias)$/,
];
const capacity: Feature = [
  'layers and capacity providers',
  /:(GetLayerVersion|PassCapacityProvider|PutFunctionScalingConfig)$/,
];
const feedback: Feature = ['a log of deliveries', /^iam:(GetRole|PassRole)$/];
const document: Feature = ['an API from a document', /^(s3:getObject|apigateway:PUT)$/i];
const mutualTls: Feature = ['a list of clients in S3', /^s3:GetObject(Version)?$/];

/**
 * Rights that AWS lists for a type of resource, and that ours does not need, by what they are for. The rights to read
 * stay: a handler reads all that a resource may have.
 */
export const unusedFeatures: Readonly<Record<string, readonly Feature[]>> = {
  'AWS::DynamoDB::Table': [
    ['streams', /^kinesis:|:(Enable|Disable|Update)KinesisStreamingDestination$/],
    ['imports', /^(logs|s3):|:(ImportTable|DescribeImport)$/],
    [
      'replicas',
      /^iam:|:(CreateTableReplica|AssociateTableReplica|Scan|Query|(Get|Put|Update|Delete|BatchWrite)Item)$/,
    ],
    ['a policy of the table', /:(Put|Delete)ResourcePolicy$/],
    ['contributor insights', /:UpdateContributorInsights$/],
    aliases,
  ],
  'AWS::SNS::Topic': [feedback, ['data protection', /:PutDataProtectionPolicy$/]],
  'AWS::SNS::Subscription': [feedback],
  'AWS::Logs::LogGroup': [
    ['data protection', /:(Put|Delete)DataProtectionPolicy$/],
    ['delivery elsewhere', /^(s3|firehose):|:CreateLogDelivery$/],
    ['a key of its own', /:(Dis)?[aA]ssociateKmsKey$/],
    ['indexes', /:(Put|Delete)IndexPolicy$/],
    ['a policy of the group', /:(Put|Delete)ResourcePolicy$/],
    ['tokens and protection', /:(PutBearerTokenAuthentication|PutLogGroupDeletionProtection)$/],
  ],
  'AWS::IAM::Role': [
    ['managed policies', /:(Attach|Detach)RolePolicy$/],
    ['a description', /:UpdateRole(Description)?$/],
    ['to lose its boundary', /:DeleteRolePermissionsBoundary$/],
  ],
  'AWS::IAM::Policy': [['users and groups', /(User|Group)Policy$/]],
  'AWS::Lambda::Function': [
    ['a network or a file system of its own', /^(ec2|elasticfilesystem|s3files):/],
    ['a key for its environment', /^kms:/],
    ['signed code', /:(GetCodeSigningConfig|(Put|Delete)FunctionCodeSigningConfig)$/],
    ['other limits of recursion', /:PutFunctionRecursionConfig$/],
    ['a bucket with versions', /^s3:GetObjectVersion$/],
    pinnedRuntime,
    capacity,
  ],
  'AWS::Lambda::Version': [
    ['provisioned concurrency', /:PutProvisionedConcurrencyConfig$/],
    pinnedRuntime,
    capacity,
  ],
  'AWS::Lambda::EventSourceMapping': [['a key for its filter', /^kms:/]],
  'AWS::Events::Rule': [['a role for its target', /^iam:PassRole$/]],
  'AWS::ApiGatewayV2::Api': [document],
  'AWS::ApiGatewayV2::Stage': [['no right of IAM by that name', /:(Un)?[tT]agResource$/]],
  'AWS::ApiGatewayV2::Route': [document],
  'AWS::ApiGatewayV2::Integration': [document, ['a role that calls', /^iam:PassRole$/]],
  'AWS::ApiGatewayV2::DomainName': [mutualTls, ['replacement of a whole', /^apigateway:PUT$/]],
  'AWS::ApiGatewayV2::ApiMapping': [document],
  'AWS::S3::Bucket': [
    ['tables of metadata', /^s3tables:|Metadata\w*Configuration$/],
    ['attributes as access', /BucketAbac$/],
    ['analytics and metrics', /(Analytics|Inventory|Metrics|IntelligentTiering)Configuration$/],
    ['a website', /Bucket(CORS|Cors|Website)$|AccelerateConfiguration$/],
    ['lists of access', /Acl$|OwnershipControls$/],
    [
      'life cycle, versions and locks',
      /Lifecycle(Configuration)?$|BucketVersioning$|ObjectLockConfiguration$/,
    ],
    [
      'copies, logs and notices',
      /Replication(Configuration)?$|BucketLogging$|BucketNotification$|^iam:PassRole$/,
    ],
    ['objects', /^s3:DeleteObject$/],
    ['to lose its encryption', /:DeleteBucketEncryption$/],
  ],
};

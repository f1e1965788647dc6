import { isSet } from './settings.js';

const guarded = [
  {
    parameter: 'AlarmEmail',
    setting: 'ALARM_EMAIL',
    has: (stage, value) => `The alarms of stage ${stage} are mailed to ${value}`,
  },
  {
    parameter: 'DomainName',
    setting: 'RELAY_DOMAIN',
    has: (stage, value) => `The API of stage ${stage} is at ${value}`,
  },
  {
    parameter: 'KmsKeyArn',
    setting: 'RELAY_KMS_KEY_ARN',
    has: (stage, value) => `The ledger and the queues of stage ${stage} are encrypted with ${value}`,
  },
  {
    parameter: 'RolesBoundaryArn',
    setting: 'RELAY_ROLES_BOUNDARY_ARN',
    has: (stage, value) => `The roles of stage ${stage} are bounded by ${value}`,
  },
];

/** A stage of an older version has no such parameter, and its default address is open. */
function isDefaultAddressOpen({ DomainName, KeepDefaultAddress }) {
  return !isSet(DomainName) || KeepDefaultAddress === undefined || KeepDefaultAddress === 'true';
}

/** A sentence for each thing that a running stage has and this deploy would take away without being told to. */
export function lossesOf(running, next, stage) {
  const taken = guarded.filter(({ parameter }) => isSet(running[parameter]) && next[parameter] === '');
  const losses = taken.map(
    ({ parameter, setting, has }) =>
      `${has(stage, running[parameter])}; this deploy would end that. Set ${setting} again, in .env.${stage} or the environment. To take it away on purpose, set it to none.`,
  );
  const closes =
    next.KeepDefaultAddress === '' && isDefaultAddressOpen(running) && !isDefaultAddressOpen(next);
  return closes
    ? [
        ...losses,
        `Stage ${stage} is called at its name from AWS; this deploy would close that name, and leave ${next.DomainName} alone. Set KEEP_DEFAULT_ADDRESS=true until every sender calls ${next.DomainName}, then KEEP_DEFAULT_ADDRESS=false.`,
      ]
    : losses;
}

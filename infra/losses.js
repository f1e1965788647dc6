import { isSet } from './settings.js';

/** A sentence for each thing that a running stage has and this deploy would take away without being told to. */
export function lossesOf(running, next, stage) {
  const taken = (name) => isSet(running[name]) && next[name] === '';
  const how = (variable) =>
    `Set ${variable} again, in .env.${stage} or the environment. To take it away on purpose, set it to none.`;
  return [
    ...(taken('AlarmEmail')
      ? [
          `The alarms of stage ${stage} are mailed to ${running.AlarmEmail}; this deploy would end that. ${how('ALARM_EMAIL')}`,
        ]
      : []),
    ...(taken('DomainName')
      ? [
          `The API of stage ${stage} is at ${running.DomainName}; this deploy would end that. ${how('RELAY_DOMAIN')}`,
        ]
      : []),
  ];
}

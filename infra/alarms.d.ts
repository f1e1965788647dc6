interface Alarm {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
}

export const template: {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: Alarm }>>;
};

/** As CloudWatch shows them. */
export const alarmNames: readonly string[];

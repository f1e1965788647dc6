export const template: {
  readonly Resources: {
    readonly Dashboard: { readonly Properties: { readonly DashboardBody: { readonly 'Fn::Sub': string } } };
  };
};

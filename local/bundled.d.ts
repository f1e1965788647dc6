/** The path of the bundle. `entryPoint` is relative to the checkout. */
export function bundled(entryPoint: string): Promise<string>;

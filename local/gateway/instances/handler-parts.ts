/** Where a function's handler lies among the bundles, and what it exports. */
export function handlerParts(handler: string): { path: string; name: string } {
  const dot = handler.lastIndexOf('.');
  return { path: handler.slice(0, dot), name: handler.slice(dot + 1) };
}

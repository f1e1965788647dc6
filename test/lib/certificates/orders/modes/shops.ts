export function at(method: string, status: number) {
  return { method, path: '/ssl', status };
}

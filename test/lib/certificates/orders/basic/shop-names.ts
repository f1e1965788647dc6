export function shopNames(count: number) {
  return Array.from({ length: count }, (_, n) => `shop-${n}.acme-bikes.com`);
}

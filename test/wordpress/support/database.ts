/** Where a network keeps its tables. */
export interface Database {
  readonly kind: 'sqlite' | 'mariadb';
  /** What wp-config.php says of it. */
  readonly constants: Readonly<Record<string, string>>;
}

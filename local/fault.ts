/** A fault that its reader can fix: one line on stderr says everything. */
export class Fault extends Error {
  override readonly name = 'Fault';
}

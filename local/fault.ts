/** Something its reader can put right: one line on stderr says all there is to know. */
export class Fault extends Error {
  override readonly name = 'Fault';
}

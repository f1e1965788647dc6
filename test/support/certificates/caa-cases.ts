import type { CaaProperty } from '../../../local/world/dns/zone.ts';

/** Whether Let's Encrypt may issue by http-01 for a plain name, by the CAA set that holds for it. */
export interface CaaCase {
  readonly name: string;
  readonly set: readonly CaaProperty[];
  readonly allowed: boolean;
}

function issue(value: string, flags = 0): CaaProperty {
  return { flags, tag: 'issue', value };
}

function unknown(tag: string, flags: number): CaaProperty {
  return { flags, tag, value: 'x' };
}

const ours = issue('letsencrypt.org');
const another = issue('ca.example.net');

function allowed(name: string, ...set: readonly CaaProperty[]): CaaCase {
  return { name, set, allowed: true };
}

function refused(name: string, ...set: readonly CaaProperty[]): CaaCase {
  return { name, set, allowed: false };
}

/** RFC 8659, RFC 8657, and what Boulder, the software of Let's Encrypt, adds to them (docs/external-systems.md). */
export const caaCases: readonly CaaCase[] = [
  allowed('names it', ours),
  allowed('names it between blanks', issue(' \tletsencrypt.org\t ')),
  allowed('names it by a critical property', issue('letsencrypt.org', 128)),
  allowed('names it by a tag in capitals', { tag: 'ISSUE', value: 'letsencrypt.org' }),
  allowed('names it among others', another, ours),
  allowed('names it among others that are critical', issue('ca.example.net', 128), ours),
  refused('names another only', another),
  refused('names it in capitals, which Boulder compares as they are', issue('LetsEncrypt.org')),
  refused('names it with a final dot', issue('letsencrypt.org.')),
  refused('names a name below it', issue('x.letsencrypt.org')),
  refused('names no authority', issue(';')),
  refused('names nobody by an empty value', issue('')),
  refused('names nobody, with a parameter', issue('; a=b')),
  allowed('names nobody, and then it', issue(';'), ours),

  allowed('has no property about plain names', { tag: 'issuewild', value: ';' }),
  allowed('has iodef only', { tag: 'iodef', value: 'mailto:ca@acme.example' }),
  allowed('has critical iodef', ours, { flags: 128, tag: 'iodef', value: 'mailto:ca@acme.example' }),
  allowed('is about e-mail', { tag: 'issuemail', value: ';' }),
  allowed('is about e-mail, and critical', { flags: 128, tag: 'issuemail', value: ';' }),
  allowed('is about e-mail, critical, and names it', ours, { flags: 128, tag: 'issuemail', value: ';' }),
  allowed('is about marks', { tag: 'issuevmc', value: ';' }),
  allowed('is about marks, and critical', { flags: 128, tag: 'issuevmc', value: ';' }),
  allowed('is about marks by a tag in capitals', { flags: 128, tag: 'IssueVMC', value: ';' }),
  refused('is about e-mail, and names another', another, { tag: 'issuemail', value: 'letsencrypt.org' }),

  allowed('has an unknown property', ours, unknown('policy', 0)),
  refused('has an unknown critical property', ours, unknown('policy', 128)),
  refused('has an unknown property with the bit that many take for critical', ours, unknown('policy', 1)),
  allowed('has an unknown property with a bit without a meaning', ours, unknown('policy', 2)),
  refused('has a critical contact, which Boulder does not know', ours, unknown('contactemail', 128)),

  allowed('has a parameter', issue('letsencrypt.org; a=b')),
  allowed('has a parameter with equals signs in its value', issue('letsencrypt.org;a=b=c=')),
  allowed('has a parameter without a value', issue('letsencrypt.org; a=')),
  allowed('has parameters between blanks', issue('letsencrypt.org ; a = b\t;\tc=d')),
  allowed('ends with a semicolon in place of parameters', issue('letsencrypt.org; ')),
  refused('ends with a semicolon after a parameter', issue('letsencrypt.org; a=b;')),
  refused('has two semicolons in a row', issue('letsencrypt.org;; a=b')),
  refused('has nothing but semicolons for parameters', issue('letsencrypt.org;;')),
  refused('has a parameter without an equals sign', issue('letsencrypt.org; a')),
  refused('has one of two parameters without an equals sign', issue('letsencrypt.org; a=b; c')),
  refused('has a parameter without a tag', issue('letsencrypt.org; =b')),
  refused('has a tag with an underscore', issue('letsencrypt.org; a_b=c')),
  refused('has a tag with a blank', issue('letsencrypt.org; a b=c')),
  refused('has a tag with a hyphen, which Boulder refuses', issue('letsencrypt.org; a-b=c')),
  refused('has a value with a blank', issue('letsencrypt.org; a=b c')),
  refused('has a value with a control character', issue('letsencrypt.org; a=b\u0007')),
  refused('has a value beyond ASCII', issue('letsencrypt.org; a=bü')),
  refused('has a parameter before its name', issue('a=b; letsencrypt.org')),
  allowed('has a malformed value, and one that names it', issue('letsencrypt.org; a'), ours),
  refused('has a malformed value, and one that names another', issue('letsencrypt.org; a'), another),

  allowed('allows http-01', issue('letsencrypt.org; validationmethods=http-01')),
  allowed('allows http-01 among others', issue('letsencrypt.org; validationmethods=dns-01,http-01')),
  allowed('allows http-01 and a method of one CA', issue('letsencrypt.org; validationmethods=ca-x,http-01')),
  refused('allows http-01 after a blank', issue('letsencrypt.org; validationmethods=dns-01, http-01')),
  refused('allows http-01 after a comma too many', issue('letsencrypt.org; validationmethods=,http-01')),
  refused('allows http-01 after a malformed method', issue('letsencrypt.org; validationmethods=a_b,http-01')),
  refused('allows HTTP-01', issue('letsencrypt.org; validationmethods=HTTP-01')),
  refused('allows another method', issue('letsencrypt.org; validationmethods=dns-01')),
  refused('allows no method', issue('letsencrypt.org; validationmethods=')),
  refused(
    'names the methods twice',
    issue('letsencrypt.org; validationmethods=http-01; validationmethods=http-01'),
  ),
  allowed(
    'allows another method, and then any',
    issue('letsencrypt.org; validationmethods=dns-01'),
    issue('letsencrypt.org'),
  ),
  refused(
    'allows one account, perhaps not RunCloud’s',
    issue('letsencrypt.org; accounturi=https://acme-v02.api.letsencrypt.org/acme/acct/1'),
  ),
  allowed(
    'allows one account, and then any',
    issue('letsencrypt.org; accounturi=https://acme-v02.api.letsencrypt.org/acme/acct/1'),
    ours,
  ),
  allowed('binds another CA', issue('ca.example.net; validationmethods=dns-01'), ours),
];

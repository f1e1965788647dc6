import { describe, expect, test } from '@jest/globals';
import { readList } from '../../../cli/actions/sync/read-list.ts';

describe('a list of domains', () => {
  test('is one name per line', () => {
    expect(readList('shop.acme-bikes.com\n\nBücher.example.com\r\n')).toEqual({
      domains: [
        { domain: 'shop.acme-bikes.com', line: 1 },
        { domain: 'xn--bcher-kva.example.com', line: 3 },
      ],
      faults: [],
      repeated: 0,
    });
  });

  test('or a table with a header, in any order, with either separator and a byte order mark', () => {
    const text = '\uFEFFsiteId;Domain;www;native\n12;"shop.acme-bikes.com";Yes;\n;b.example.com;false;1\n';
    expect(readList(text).domains).toEqual([
      { domain: 'shop.acme-bikes.com', siteId: 12, www: true, line: 2 },
      { domain: 'b.example.com', www: false, native: true, line: 3 },
    ]);
  });

  test('every faulty line is named', () => {
    const text = [
      'domain,siteId,www',
      'good.example.com,1,true',
      'bad_name.example.com,,',
      '10.0.0.1,,',
      'a.example.com,x,',
      'b.example.com,,perhaps',
      'c.example.com,1,true,more',
      'good.example.com,2,true',
      ',3,',
    ].join('\n');
    expect(readList(text)).toMatchObject({
      domains: [{ domain: 'good.example.com' }],
      faults: [
        { line: 3, message: 'Must not contain an underscore' },
        { line: 4, message: 'Must be a host name, not an IP address' },
        { line: 5, message: 'siteId must be a whole number' },
        { line: 6, message: 'www must be true or false' },
        { line: 7, message: 'Has 4 fields where 3 are expected' },
        { line: 8, message: 'Says something else about the domain of line 2' },
        { line: 9, message: 'Must not be empty' },
      ],
    });
  });

  test('a quote without its end spoils its own line alone', () => {
    const text = 'domain\n"a.example.com\nb.example.com\nbad_name.example.com\nc"x".example.com\n';
    expect(readList(text)).toMatchObject({
      domains: [{ domain: 'b.example.com', line: 3 }],
      faults: [
        { line: 2, message: 'Is no CSV: a quote is missing or misplaced' },
        { line: 4, message: 'Must not contain an underscore' },
        { line: 5, message: 'Is no CSV: a quote is missing or misplaced' },
      ],
    });
  });

  test('a line that repeats another counts once', () => {
    expect(readList('a.example.com\nA.example.com.\n')).toMatchObject({
      domains: [{ domain: 'a.example.com', line: 1 }],
      faults: [],
      repeated: 1,
    });
  });

  test('an unknown column, a column twice and a broken quote are faults', () => {
    expect(readList('domain,owner\na.example.com,me\n').faults).toEqual([
      { line: 1, message: 'Column 2 is none of domain, siteId, domainId, www, native' },
    ]);
    expect(readList('domain,www,www\n').faults).toEqual([{ line: 1, message: 'Names the column www twice' }]);
    expect(readList('domain\na.example.com\n"b.example.com\n').faults).toEqual([
      { line: expect.any(Number), message: 'Is no CSV: a quote is missing or misplaced' },
    ]);
  });

  test('an empty list names nothing', () => {
    expect(readList('\n')).toEqual({ domains: [], faults: [], repeated: 0 });
  });
});

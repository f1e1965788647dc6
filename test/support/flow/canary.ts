/** Shorter texts are met by chance. */
const keyLength = 8;

/** The base64 of a text wherever it stands in what is encoded: without the ends that depend on the bytes around it. */
function base64Forms(text: string): string[] {
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]).toString('base64');
    const from = Math.ceil((before * 8) / 6);
    return encoded.slice(from, Math.floor(((before + Buffer.byteLength(text)) * 8) / 6));
  });
}

/** How a text may be written down without looking like itself. */
function formsOf(text: string): string[] {
  const base64 = base64Forms(text);
  const hex = Buffer.from(text).toString('hex');
  const all = [
    text,
    JSON.stringify(text).slice(1, -1),
    encodeURIComponent(text),
    ...base64,
    ...base64.map((form) => form.replaceAll('+', '-').replaceAll('/', '_')),
    hex,
    hex.toUpperCase(),
  ];
  return [...new Set(all)].filter((form) => form.length >= keyLength);
}

/** A signature of Standard Webhooks, or a secret that makes them, whosever it is. */
const signing = /(whsec_|v1,)[A-Za-z0-9+/]{8,}/;

/** How the keys and certificates begin that our own RunCloud shows with every certificate. */
export const keyMaterial = ['private-key-of-ssl-', 'certificate-of-ssl-'];

/** Searches everything that is written anywhere for values that must not leak. */
export function canary() {
  const said = new Map<string, Set<string>>();
  const unspeakable = new Set<string>();

  /** Forms by their beginnings: one walk over a text finds any of hundreds. */
  const formsByKey = () => {
    const byKey = new Map<string, string[]>();
    for (const form of [...unspeakable].flatMap(formsOf)) {
      const key = form.slice(0, keyLength);
      byKey.set(key, [...(byKey.get(key) ?? []), form]);
    }
    return byKey;
  };

  return {
    /** Whatever is said there, a log line or the body of a call. */
    watch: (where: string, text: string): void => {
      said.set(where, (said.get(where) ?? new Set()).add(text));
    },
    /** Makes these texts unspeakable, in every form. */
    hush: (...texts: readonly string[]): void => {
      for (const text of texts) if (text.length >= keyLength) unspeakable.add(text);
    },
    /** Places where anything was written. */
    places: (): string[] => [...said.keys()],
    /** Values that must not leak and did, each with its place. */
    leaks: (): string[] => {
      const byKey = formsByKey();
      const isLeak = (text: string) => {
        for (let at = 0; at + keyLength <= text.length; at += 1) {
          const forms = byKey.get(text.slice(at, at + keyLength));
          if (forms?.some((form) => text.startsWith(form, at))) return true;
        }
        return signing.test(text);
      };
      return [...said].flatMap(([where, texts]) =>
        [...texts].filter(isLeak).map((text) => `${where}: ${text}`),
      );
    },
  };
}

export type Canary = ReturnType<typeof canary>;

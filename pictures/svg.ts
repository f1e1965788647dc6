type Attributes = Readonly<Record<string, string | number>>;

/** A tenth of a pixel is enough, and the same on every machine. */
function written(value: string | number): string {
  return typeof value === 'number' ? String(Math.round(value * 10) / 10) : value;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

export function element(name: string, attributes: Attributes, ...content: readonly string[]): string {
  const all = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(written(value))}"`);
  return content.length === 0
    ? `<${name}${all.join('')}/>`
    : `<${name}${all.join('')}>${content.join('\n')}</${name}>`;
}

export function text(content: string, attributes: Attributes): string {
  return element('text', attributes, escaped(content));
}

/** A whole picture on a white ground, with what it shows for those who do not see it. */
export function picture(
  { width, height, title }: { readonly width: number; readonly height: number; readonly title: string },
  ...content: readonly string[]
): string {
  const size = { width: Math.ceil(width), height: Math.ceil(height) };
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${size.width} ${size.height}`,
    'font-family': 'system-ui, sans-serif',
    'font-size': 12,
    role: 'img',
  };
  const ground = element('rect', { ...size, fill: '#ffffff' });
  return `${element('svg', { ...attributes, ...size }, element('title', {}, escaped(title)), ground, ...content)}\n`;
}

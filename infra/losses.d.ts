type Parameters = Readonly<Record<string, string>>;

export function lossesOf(running: Parameters, next: Parameters, stage: string): readonly string[];

import { SingleBar } from 'cli-progress';
import { type Io, say } from '../io.ts';
import { span } from './times.ts';

export interface Progress {
  advance(): void;
  end(): void;
}

/** How often a log gets a line, where there is no terminal to draw on. */
const LOG_EVERY_MS = 10_000;

/** A bar with rate and time left; without a terminal, a line now and then. */
export function progress(total: number, io: Pick<Io, 'stderr' | 'now'>): Progress {
  const beganMs = io.now();
  let done = 0;
  const figures = () => {
    const seconds = Math.max(0.001, (io.now() - beganMs) / 1_000);
    const rate = done / seconds;
    return { rate: `${rate.toFixed(0)}/s`, left: rate === 0 ? '?' : span(((total - done) / rate) * 1_000) };
  };
  if (io.stderr.isTTY !== true) {
    let toldMs = beganMs;
    return {
      advance: () => {
        done += 1;
        if (io.now() - toldMs < LOG_EVERY_MS) return;
        toldMs = io.now();
        const { rate, left } = figures();
        say(io, `${done} of ${total} sent, ${rate}, ${left} left`);
      },
      end: () => {},
    };
  }
  const bar = new SingleBar({
    stream: io.stderr,
    format: '{bar} {percentage}% | {value}/{total} | {rate} | {left} left',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 30,
    hideCursor: true,
    // Ctrl-C ends the command, which ends the bar.
    gracefulExit: false,
  });
  bar.start(total, 0, figures());
  return {
    advance: () => {
      done += 1;
      bar.update(done, figures());
    },
    end: () => bar.stop(),
  };
}

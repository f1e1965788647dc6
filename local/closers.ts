/** Things to be closed, the last opened first. One that fails to close does not keep the others open. */
export function closers() {
  const open: (() => unknown)[] = [];
  return {
    add: (close: () => unknown): void => {
      open.push(close);
    },
    close: async (): Promise<void> => {
      const failures: unknown[] = [];
      for (let close = open.pop(); close !== undefined; close = open.pop()) {
        try {
          await close();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw new AggregateError(failures, 'Not everything could be closed');
    },
  };
}

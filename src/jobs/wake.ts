/** Something to wait for, at most so long; a call that comes before the wait is not lost. */
export class Wake {
  private isCalled = false;
  private resolve: (() => void) | undefined;

  up(): void {
    this.isCalled = true;
    this.resolve?.();
  }

  async within(milliseconds: number): Promise<void> {
    if (!this.isCalled) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.resolve = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.isCalled = false;
    this.resolve = undefined;
  }
}

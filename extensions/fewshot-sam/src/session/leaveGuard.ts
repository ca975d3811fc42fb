/**
 * The browser asks before a page is left whose work is not written down yet; while it asks, there is time to do
 * so. Browsers ask only those who have used the page.
 */
export class LeaveGuard {
  private isOn = false;

  /** @param onLeave told when the page is about to be left */
  constructor(private readonly onLeave: () => void) {}

  set(isOn: boolean): void {
    if (isOn === this.isOn) return;
    this.isOn = isOn;
    if (isOn) window.addEventListener('beforeunload', this.ask);
    else window.removeEventListener('beforeunload', this.ask);
  }

  private readonly ask = (event: BeforeUnloadEvent): void => {
    event.preventDefault();
    this.onLeave();
  };
}

/**
 * Makes the browser ask before it closes a page with unsaved work; the question leaves time to save.
 * Browsers ask only after the user has interacted with the page.
 */
export class LeaveGuard {
  private isOn = false;

  /** @param onLeave called when the page is about to close */
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

// Signals that tests look at.

/** Returns a controller; `listeners` of it counts who listens to its signal. */
export function countedController() {
  const controller = Object.assign(new AbortController(), { listeners: 0 });
  const { signal } = controller;
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...args) => {
    controller.listeners++;
    return addEventListener.apply(signal, args);
  };
  signal.removeEventListener = (...args) => {
    controller.listeners--;
    return removeEventListener.apply(signal, args);
  };
  return controller;
}

// The devices and the permission that a page with a fake microphone sees.

import { dispatch, Emitter } from "./fake-media.js";

/** @import { FakeMicrophoneDevice, FakeMicrophoneOptions } from "../testing.js" */

/** @typedef {NonNullable<FakeMicrophoneOptions["permission"]>} Permission */

const DEFAULT_DEVICE = { deviceId: "fake", label: "fake microphone" };

/** A fake `PermissionStatus`. */
class FakePermissionStatus extends Emitter {
  name = "microphone";
  onchange = null;

  /** @param {Permission} state */
  constructor(state) {
    super();
    this.state = state;
  }
}

export class FakeDevices {
  /** The object that dispatches `devicechange`. */
  mediaDevices = new Emitter();
  /** @type {FakePermissionStatus | undefined} */
  #status;
  /** @type {FakeMicrophoneDevice[]} */
  #devices;
  #acceptsAnyId;
  #wasOpened = false;

  /** @param {Pick<FakeMicrophoneOptions, "devices" | "permission">} options */
  constructor({ devices, permission }) {
    this.#devices = [...(devices ?? [DEFAULT_DEVICE])];
    this.#acceptsAnyId = devices === undefined;
    this.#status = permission && new FakePermissionStatus(permission);
  }

  /** A fake `navigator.permissions`; `undefined` if the browser's own is to stay. */
  get permissions() {
    const status = this.#status;
    if (!status) return undefined;
    return {
      /** @param {{ name: string }} descriptor */
      query: async ({ name }) => {
        if (name !== status.name) throw new TypeError(`no fake permission is called ${name}`);
        return status;
      },
    };
  }

  /** Returns the devices. As in browsers, labels are empty until the permission is granted. */
  list() {
    const isGranted = this.#wasOpened || this.#status?.state === "granted";
    return this.#devices.map(({ deviceId, label }) => ({
      kind: "audioinput",
      deviceId: isGranted ? deviceId : "",
      label: isGranted ? label : "",
      groupId: "",
    }));
  }

  /**
   * Returns the device for these constraints, as the user allows it. Throws the exceptions of
   * `getUserMedia`.
   * @param {MediaStreamConstraints} constraints
   */
  open({ audio }) {
    const first = this.#devices[0];
    if (!first) throw new DOMException("Requested device not found", "NotFoundError");
    const wanted = /** @type {any} */ (audio)?.deviceId?.exact;
    const found = this.#devices.find(({ deviceId }) => deviceId === wanted);
    if (wanted !== undefined && !found && !this.#acceptsAnyId)
      throw new DOMException("Invalid constraint: deviceId", "OverconstrainedError");
    if (this.#status?.state === "denied")
      throw new DOMException("Permission denied", "NotAllowedError");
    if (this.#status) this.setPermission("granted");
    this.#wasOpened = true;
    return found ?? first;
  }

  /** @param {FakeMicrophoneDevice} device */
  plugIn(device) {
    this.#devices = [
      ...this.#devices.filter(({ deviceId }) => deviceId !== device.deviceId),
      device,
    ];
    dispatch(this.mediaDevices, "devicechange");
  }

  /**
   * Removes a device, or all of them.
   * @param {string} [deviceId]
   */
  unplug(deviceId) {
    const remaining = this.#devices.filter(
      (device) => deviceId !== undefined && device.deviceId !== deviceId,
    );
    if (remaining.length === this.#devices.length) return;
    this.#devices = remaining;
    dispatch(this.mediaDevices, "devicechange");
  }

  /** @param {Permission} state */
  setPermission(state) {
    if (!this.#status) throw new Error("pass a permission to fakeMicrophone() first");
    if (this.#status.state === state) return;
    this.#status.state = state;
    dispatch(this.#status, "change");
  }
}

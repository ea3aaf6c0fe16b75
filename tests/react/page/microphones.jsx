// microphones, and useMicrophones

import { ThetaOne, ThetaOneError, microphones as api } from "thetaone-web";
import { microphones as external } from "thetaone-web/external";
import { useMicrophones } from "thetaone-web/react";
import { afterwards, clientOf, equal, mounted, ok, waitFor } from "./tools.jsx";

const REFUSALS = [
  "NotAllowedError",
  "SecurityError",
  "PermissionDeniedError",
  "NotFoundError",
  "OverconstrainedError",
  "DevicesNotFoundError",
  "NotReadableError",
  "AbortError",
  "TrackStartError",
  "InvalidStateError",
  "TypeError",
  "UnknownError",
  "constructor",
];

/** Replaces `target[name]` with `value` until the scenario ends. */
function put(target, name, value) {
  const before = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, { value, configurable: true, writable: true });
  afterwards(() => (before ? Object.defineProperty(target, name, before) : delete target[name]));
}

const device = (deviceId, label, kind = "audioinput") => ({ deviceId, label, kind, groupId: "" });
const DEVICES = [
  device("usb", "USB"),
  device("default", "Default - Built-in"),
  device("built-in", "Built-in"),
  device("camera", "Camera", "videoinput"),
];

/** Installs a browser that allows the microphone, unless `getUserMedia` is given. */
function browser({ query, getUserMedia, devices = DEVICES, lists = true } = {}) {
  const status = Object.assign(new EventTarget(), { state: "prompt" });
  const mediaDevices = new EventTarget();
  const own = { tracks: [], listeners: 0, devices };
  const track = () => {
    const newTrack = {
      readyState: "live",
      stop: () => {
        newTrack.readyState = "ended";
      },
    };
    own.tracks.push(newTrack);
    return newTrack;
  };
  mediaDevices.getUserMedia =
    getUserMedia ??
    (async () => {
      own.become("granted");
      const newTrack = track();
      return { getTracks: () => [newTrack], getAudioTracks: () => [newTrack] };
    });
  if (lists) {
    mediaDevices.enumerateDevices = async () =>
      own.devices.map(({ deviceId, label, kind }) =>
        own.isGranted ? { deviceId, label, kind } : { deviceId: "", label: "", kind },
      );
  }
  own.become = (state) => {
    own.isGranted = state === "granted";
    if (status.state === state) return;
    status.state = state;
    status.dispatchEvent(new Event("change"));
  };
  own.plug = (...devices) => {
    own.devices = devices;
    mediaDevices.dispatchEvent(new Event("devicechange"));
  };
  put(navigator, "mediaDevices", mediaDevices);
  put(navigator, "permissions", {
    query:
      query ??
      (async ({ name }) => {
        if (name !== "microphone") throw new TypeError("unknown");
        return status;
      }),
  });
  return own;
}

/** Mounts two components with useMicrophones, which show the same. */
async function probed() {
  const shown = {};
  const Probe = ({ id }) => {
    shown[id] = useMicrophones();
    return null;
  };
  const { unmount } = mounted(
    <>
      <Probe id="one" />
      <Probe id="two" />
    </>,
  );
  await waitFor(() => shown.one);
  return {
    shown,
    unmount,
    become: (permission) =>
      waitFor(() => shown.one.permission === permission && shown.two === shown.one, permission),
  };
}

const facts = (error) => {
  const { at: _, occurredAt: __, ...json } = error.toJSON();
  return {
    ...json,
    en: error.userMessage("en"),
    ko: error.userMessage("ko"),
    isOwn: ThetaOneError.is(error),
    cause: error.cause,
  };
};

export const microphones = {
  "permission() says what the browser says, and unknown where it says nothing": async () => {
    const own = browser();
    for (const state of ["prompt", "granted", "denied"]) {
      own.become(state);
      equal(await api.permission(), state);
    }
    for (const query of [
      () => {
        throw new TypeError("microphone");
      },
      async () => {
        throw new TypeError("microphone");
      },
      async () => ({}),
      async () => undefined,
    ]) {
      browser({ query });
      equal(await api.permission(), "unknown");
    }
    put(navigator, "permissions", undefined);
    equal(await api.permission(), "unknown");
    ok(external === api, "both entries have it");
  },

  "list() gives the microphones, and labels once they may be known": async () => {
    const own = browser();
    equal(
      (await api.list()).map(({ label }) => label),
      ["", "", ""],
    );
    own.become("granted");
    equal(await api.list(), [
      { deviceId: "usb", label: "USB", isDefault: false },
      { deviceId: "default", label: "Default - Built-in", isDefault: true },
      { deviceId: "built-in", label: "Built-in", isDefault: false },
    ]);
    own.devices = [device("camera", "Camera", "videoinput"), device("a", "A"), device("b", "B")];
    equal(
      (await api.list()).map(({ isDefault }) => isDefault),
      [true, false],
      "the first",
    );
    own.devices = [];
    equal(await api.list(), []);
    browser({ lists: false });
    equal(await api.list(), []);
    put(navigator, "mediaDevices", undefined);
    equal(await api.list(), []);
  },

  "request() asks, and switches the microphone off again": async () => {
    const own = browser();
    equal(await api.request(), undefined);
    equal(
      own.tracks.map(({ readyState }) => readyState),
      ["ended"],
    );
    equal(await api.permission(), "granted");
  },

  "request() rejects as record() does": async () => {
    const errorsOf = async () => {
      const theta = new ThetaOne({ baseUrl: "/api/theta" });
      const [request, record] = await Promise.all(
        [api.request(), theta.record()].map((promise) => promise.then(() => undefined, facts)),
      );
      equal(request, record);
      return request;
    };
    for (const name of REFUSALS) {
      const cause = Object.assign(new Error("no microphone"), { name });
      browser({
        getUserMedia: async () => {
          throw cause;
        },
      });
      equal((await errorsOf()).code, "MICROPHONE", name);
    }
    put(navigator, "mediaDevices", undefined);
    equal((await errorsOf()).reason, "unsupported");
    put(globalThis, "isSecureContext", false);
    equal((await errorsOf()).reason, "insecure_context");
  },

  "list() that the browser refuses is a MicrophoneError": async () => {
    browser();
    navigator.mediaDevices.enumerateDevices = async () => {
      throw new DOMException("blocked", "NotAllowedError");
    };
    const error = await api.list().catch((error) => error);
    equal([error.name, error.reason], ["MicrophoneError", "denied"]);
  },

  "subscribe() tells of devices and permission, until it is ended": async () => {
    const own = browser();
    const calls = [];
    const ends = [
      api.subscribe(() => calls.push("first")),
      api.subscribe(() => calls.push("second")),
    ];
    own.plug(DEVICES[0]);
    equal(calls, ["first", "second"]);
    await waitFor(() => {
      own.become(own.isGranted ? "prompt" : "granted");
      return calls.length >= 4;
    });
    ends[0]();
    ends[0]();
    calls.length = 0;
    own.plug();
    own.become(own.isGranted ? "denied" : "granted");
    equal(calls, ["second", "second"]);
    ends[1]();
    // Unsubscribed before the browser has reported its permission.
    api.subscribe(() => calls.push("third"))();
    await api.permission();
    own.plug();
    own.become("prompt");
    equal(calls.length, 2);
  },

  "subscribe() takes a function, and one that throws stops no other": async () => {
    const own = browser();
    let reported = false;
    addEventListener(
      "error",
      () => {
        reported = true;
      },
      { once: true },
    );
    for (const listener of [undefined, null, "loud", {}]) {
      let error;
      try {
        api.subscribe(listener);
      } catch (thrown) {
        error = thrown;
      }
      equal(error?.code, "CONFIGURATION");
    }
    const calls = [];
    const ends = [
      api.subscribe(() => {
        throw new Error("the page's own");
      }),
      api.subscribe(() => calls.push("second")),
    ];
    own.plug();
    equal(calls, ["second"]);
    for (const end of ends) end();
    // By now, every browser has reported the error.
    await waitFor(() => reported);
    return ["the page's own"];
  },

  "useMicrophones asks, and lists the devices": async () => {
    const own = browser();
    const { shown, become } = await probed();
    await become("prompt");
    equal(shown.one.devices, undefined);
    equal(await shown.one.request(), true);
    await become("granted");
    equal(
      shown.one.devices.map(({ label }) => label),
      ["USB", "Default - Built-in", "Built-in"],
    );
    own.plug(device("new", "New"));
    await waitFor(() => shown.one.devices.length === 1);
    own.become("prompt");
    await become("prompt");
    equal(
      own.tracks.map(({ readyState }) => readyState),
      ["ended"],
    );
  },

  "useMicrophones tells why it was refused, until it is granted": async () => {
    let isRefusing = true;
    const own = browser({
      getUserMedia: async () => {
        own.become(isRefusing ? "denied" : "granted");
        if (isRefusing) throw new DOMException("no", "NotAllowedError");
        return { getTracks: () => [], getAudioTracks: () => [] };
      },
    });
    const { shown, become } = await probed();
    await become("prompt");
    equal(await shown.one.request(), false);
    await become("denied");
    await waitFor(() => shown.one.error);
    equal([shown.one.error.name, shown.one.error.reason], ["MicrophoneError", "denied"]);
    isRefusing = false;
    equal(await shown.one.request(), true);
    await become("granted");
    equal(shown.one.error, undefined);
  },

  "useMicrophones lists devices in a browser that does not tell of permissions": async () => {
    const own = browser({
      query: async () => {
        throw new TypeError("microphone");
      },
    });
    const { shown, become } = await probed();
    await become("unknown");
    const { request } = shown.one;
    equal(await request(), true);
    await become("granted");
    equal(shown.one.devices.length, 3);
    own.plug(device("new", "New"));
    await waitFor(() => shown.one.devices.length === 1);
    navigator.mediaDevices.getUserMedia = async () => {
      throw new DOMException("no more", "NotAllowedError");
    };
    equal(await request(), false);
    await become("unknown");
  },

  "useMicrophones without any microphones at all": async () => {
    put(navigator, "mediaDevices", undefined);
    put(navigator, "permissions", undefined);
    const { shown } = await probed();
    // An earlier scenario may still be shown.
    await waitFor(() => shown.one.permission === "unknown");
    equal(await shown.one.request(), false);
    await waitFor(() => shown.one.error);
    equal(shown.one.error.reason, "unsupported");
  },

  "the page of microphones needs no client": async () => {
    clientOf();
    browser();
    const { shown, become } = await probed();
    await become("prompt");
    ok(typeof shown.one.request === "function", "request");
  },
};

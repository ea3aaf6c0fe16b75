//! One recording: the microphone, the recorder and what they gave so far.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::{Rc, Weak};

use gloo_timers::callback::Interval;
use js_sys::{Array, Function, Promise};
use serde::Serialize;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobEvent, BlobPropertyBag, MediaRecorder, RecordingState};

use super::clock::monotonic_ms;
use super::error::Rejection;
use super::events::notify;
use super::meter::Meter;
use super::microphone::{Microphone, refusal_of};
use crate::core::catalogue::Class;
use crate::core::error::Failure;

/// How often the level is told and the time looked at, in milliseconds.
const TICK_MS: u32 = 40;
/// How often the recorder hands out what it has, in milliseconds, so that an
/// interruption costs no more than this.
const CHUNK_MS: i32 = 250;

/// What `onLevel` gets.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LevelReport {
    rms_dbfs: f64,
    peak_dbfs: f64,
    elapsed_seconds: f64,
}

/// What `onStop` gets.
#[derive(Serialize)]
struct StopReport {
    reason: &'static str,
}

/// What a page asked for.
pub struct Wishes {
    /// `maxSeconds`.
    pub max_seconds: Option<f64>,
    /// `onLevel`.
    pub on_level: Option<Function>,
    /// `onStop`.
    pub on_stop: Option<Function>,
}

/// A recording, live or over.
pub struct Recording {
    microphone: Microphone,
    recorder: MediaRecorder,
    wishes: Wishes,
    chunks: RefCell<Vec<Blob>>,
    /// Why it ended or is about to; the first reason stands.
    reason: Cell<Option<&'static str>>,
    /// Recorded before the last resume, in milliseconds.
    recorded_ms: Cell<f64>,
    resumed_at_ms: Cell<Option<f64>>,
    over: Cell<bool>,
    /// Resolves when the recorder has handed out its last chunk.
    ended: Promise,
    resolve_ended: Function,
    meter: RefCell<Option<Meter>>,
    ticker: RefCell<Option<Interval>>,
    listeners: OnceCell<Listeners>,
}

type Listener = Closure<dyn FnMut(JsValue)>;

struct Listeners {
    data: Listener,
    stop: Listener,
    ended: Listener,
}

impl Recording {
    /// Starts to record.
    pub fn start(microphone: Microphone, wishes: Wishes) -> Result<Rc<Self>, Rejection> {
        let refused = |cause: JsValue| Rejection::caused_by(refusal_of(&cause), cause);
        let recorder = MediaRecorder::new_with_media_stream(&microphone.stream).map_err(refused)?;
        let mut resolve_ended = None;
        let ended = Promise::new(&mut |resolve, _| resolve_ended = Some(resolve));
        let recording = Rc::new(Recording {
            meter: RefCell::new(match wishes.on_level {
                Some(_) => Meter::new(&microphone.stream).ok(),
                None => None,
            }),
            microphone,
            recorder,
            wishes,
            chunks: RefCell::default(),
            reason: Cell::new(None),
            recorded_ms: Cell::new(0.0),
            resumed_at_ms: Cell::new(None),
            over: Cell::new(false),
            ended,
            resolve_ended: resolve_ended.unwrap_or_default(),
            ticker: RefCell::default(),
            listeners: OnceCell::new(),
        });
        recording.listen();
        recording
            .recorder
            .start_with_time_slice(CHUNK_MS)
            .map_err(refused)?;
        recording.resumed_at_ms.set(Some(monotonic_ms()));
        recording.tick_regularly();
        Ok(recording)
    }

    /// Whether the microphone is still held.
    pub fn is_live(&self) -> bool {
        !self.over.get()
    }

    /// `recording`, `paused`, `stopped` or `cancelled`.
    pub fn state(&self) -> &'static str {
        match (self.over.get(), self.reason.get()) {
            (_, Some("cancel")) => "cancelled",
            (true, _) | (_, Some(_)) => "stopped",
            _ if self.resumed_at_ms.get().is_none() => "paused",
            _ => "recording",
        }
    }

    /// The time recorded so far, pauses left out, in seconds.
    pub fn elapsed_seconds(&self) -> f64 {
        let running = self
            .resumed_at_ms
            .get()
            .map_or(0.0, |at| monotonic_ms() - at);
        (self.recorded_ms.get() + running) / 1000.0
    }

    /// Ends it; `reason` is what `onStop` is told.
    pub fn end(&self, reason: &'static str) {
        if self.over.get() {
            return;
        }
        if self.reason.get().is_none() {
            self.reason.set(Some(reason));
        }
        self.hold_clock();
        // A recorder whose tracks all ended has stopped by itself.
        if self.recorder.state() == RecordingState::Inactive || self.recorder.stop().is_err() {
            self.finish();
        }
    }

    /// Ends it and forgets what was recorded.
    pub fn cancel(&self) {
        if self.over.get() {
            self.reason.set(Some("cancel"));
        } else {
            self.reason.set(Some("cancel"));
            self.end("cancel");
            // Not waiting for the recorder's last chunk, which nobody wants.
            self.finish();
        }
        self.chunks.borrow_mut().clear();
    }

    /// Holds the recording.
    pub fn pause(&self) {
        if self.recorder.state() == RecordingState::Recording && self.recorder.pause().is_ok() {
            self.hold_clock();
        }
    }

    /// Goes on after a pause.
    pub fn resume(&self) {
        if self.recorder.state() == RecordingState::Paused && self.recorder.resume().is_ok() {
            self.resumed_at_ms.set(Some(monotonic_ms()));
        }
    }

    /// Resolves when there is nothing more to come.
    pub fn ended(&self) -> Promise {
        self.ended.clone()
    }

    /// Everything that was recorded, as the browser encoded it.
    pub fn blob(&self) -> Result<Blob, Rejection> {
        if self.reason.get() == Some("cancel") {
            return Err(
                Failure::client(Class::Aborted, None, "the recording was cancelled").into(),
            );
        }
        let parts: Array = self.chunks.borrow().iter().collect();
        let properties = BlobPropertyBag::new();
        properties.set_type(&self.recorder.mime_type());
        match Blob::new_with_blob_sequence_and_options(&parts, &properties) {
            Ok(blob) if blob.size() > 0.0 => Ok(blob),
            _ => Err(Failure::client(
                Class::Microphone,
                Some("interrupted"),
                "the recording ended before anything was captured",
            )
            .into()),
        }
    }

    fn hold_clock(&self) {
        if let Some(at) = self.resumed_at_ms.take() {
            self.recorded_ms
                .set(self.recorded_ms.get() + monotonic_ms() - at);
        }
    }

    fn listen(self: &Rc<Self>) {
        let listener = |act: fn(&Recording, JsValue)| -> Listener {
            let recording = Rc::downgrade(self);
            Closure::new(move |event| {
                if let Some(recording) = Weak::upgrade(&recording) {
                    act(&recording, event);
                }
            })
        };
        let listeners = self.listeners.get_or_init(|| Listeners {
            data: listener(|recording, event| recording.keep(event)),
            stop: listener(|recording, _| recording.finish()),
            ended: listener(|recording, _| recording.end("interrupted")),
        });
        let (data, stop) = (as_function(&listeners.data), as_function(&listeners.stop));
        self.recorder.set_ondataavailable(Some(data));
        self.recorder.set_onstop(Some(stop));
        self.recorder
            .set_onerror(Some(as_function(&listeners.ended)));
        for track in self.microphone.tracks() {
            track.set_onended(Some(as_function(&listeners.ended)));
        }
    }

    fn keep(&self, event: JsValue) {
        let chunk = event
            .dyn_ref::<BlobEvent>()
            .and_then(BlobEvent::data)
            .filter(|chunk| chunk.size() > 0.0);
        if let Some(chunk) = chunk
            && self.reason.get() != Some("cancel")
        {
            self.chunks.borrow_mut().push(chunk);
        }
    }

    /// The recorder is done: everything is given back.
    fn finish(&self) {
        if self.over.replace(true) {
            return;
        }
        self.hold_clock();
        self.release();
        // The recorder stopped by itself when nobody asked it to.
        let reason = self.reason.get().unwrap_or("interrupted");
        self.reason.set(Some(reason));
        let _ = self.resolve_ended.call0(&JsValue::UNDEFINED);
        if reason != "cancel" {
            notify(self.wishes.on_stop.as_ref(), &StopReport { reason });
        }
    }

    fn release(&self) {
        self.ticker.take();
        self.meter.take();
        self.recorder.set_ondataavailable(None);
        self.recorder.set_onstop(None);
        self.recorder.set_onerror(None);
        for track in self.microphone.tracks() {
            track.set_onended(None);
        }
        self.microphone.close();
    }

    fn tick_regularly(self: &Rc<Self>) {
        if self.wishes.max_seconds.is_none() && self.wishes.on_level.is_none() {
            return;
        }
        let recording = Rc::downgrade(self);
        let ticker = Interval::new(TICK_MS, move || {
            if let Some(recording) = recording.upgrade() {
                recording.tick();
            }
        });
        *self.ticker.borrow_mut() = Some(ticker);
    }

    fn tick(&self) {
        let elapsed_seconds = self.elapsed_seconds();
        if self
            .wishes
            .max_seconds
            .is_some_and(|most| elapsed_seconds >= most)
        {
            self.end("max_seconds");
            return;
        }
        let level = self.meter.borrow().as_ref().map(Meter::read);
        if let Some(level) = level {
            let report = LevelReport {
                rms_dbfs: level.rms_dbfs(),
                peak_dbfs: level.peak_dbfs(),
                elapsed_seconds,
            };
            notify(self.wishes.on_level.as_ref(), &report);
        }
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        self.release();
    }
}

fn as_function(listener: &Listener) -> &Function {
    listener.as_ref().unchecked_ref()
}

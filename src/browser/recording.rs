//! One recording, from its start to whatever ends it.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::{Rc, Weak};

use gloo_timers::callback::Interval;
use js_sys::{Function, Promise};
use serde::Serialize;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::EventTarget;

use super::audio::{Recorded, take_of};
use super::capture::{Capture, Hearers};
use super::clock::within;
use super::door::audio::wanted_to_js;
use super::error::Rejection;
use super::events::notify;
use super::microphone::Microphone;
use super::stopwatch::Stopwatch;
use crate::core::audio::level::Level;
use crate::core::audio::speech_end::SpeechEnd;
use crate::core::audio::wanted::Wanted;
use crate::core::catalogue::Class;
use crate::core::error::Failure;

/// How often the level is told and the time looked at, in milliseconds.
const TICK_MS: u32 = 40;
/// After this many looks in a row at which a microphone gave nothing, it is
/// taken for gone: two seconds. Counted in looks, because a page that was busy
/// for two seconds has heard nothing either.
const DEAD_TICKS: u32 = 50;
/// How long what is still to come at the end may take, in milliseconds.
const ENDING_MS: f64 = 5_000.0;

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
    /// The client's core.
    pub core: JsValue,
    /// `maxSeconds`.
    pub max_seconds: Option<f64>,
    /// `stopOnSilenceSeconds`.
    pub silence_seconds: Option<f64>,
    /// `capture: "pcm"`.
    pub pcm: bool,
    /// `trimSilence`, `format`, `bitrateKbps`.
    pub wanted: Wanted,
    /// `onLevel`.
    pub on_level: Option<Function>,
    /// `onStop`.
    pub on_stop: Option<Function>,
}

/// A recording, live or over.
pub struct Recording {
    microphone: Microphone,
    capture: Capture,
    wishes: Wishes,
    stopwatch: Stopwatch,
    /// Why it ended or is about to; the first reason stands.
    reason: Cell<Option<&'static str>>,
    over: Cell<bool>,
    /// Resolves when there is nothing more to come.
    ended: Promise,
    resolve_ended: Function,
    speech_end: RefCell<Option<SpeechEnd>>,
    dead_ticks: Cell<u32>,
    ticker: RefCell<Option<Interval>>,
    listeners: OnceCell<Listeners>,
}

type Listener = Closure<dyn FnMut(JsValue)>;

struct Listeners {
    stopped: Listener,
    broken: Listener,
    page_hidden: Listener,
}

impl Recording {
    /// Starts to record.
    pub async fn start(microphone: Microphone, wishes: Wishes) -> Result<Rc<Self>, Rejection> {
        let wants_levels = wishes.on_level.is_some() || wishes.silence_seconds.is_some();
        let capture =
            Capture::open(&wishes.core, &microphone.stream, wishes.pcm, wants_levels).await?;
        let mut resolve_ended = None;
        let ended = Promise::new(&mut |resolve, _| resolve_ended = Some(resolve));
        let recording = Rc::new(Recording {
            microphone,
            capture,
            speech_end: RefCell::new(wishes.silence_seconds.map(SpeechEnd::new)),
            wishes,
            stopwatch: Stopwatch::default(),
            reason: Cell::new(None),
            over: Cell::new(false),
            ended,
            resolve_ended: resolve_ended.unwrap_or_default(),
            dead_ticks: Cell::new(0),
            ticker: RefCell::default(),
            listeners: OnceCell::new(),
        });
        recording.listen()?;
        recording.stopwatch.run();
        recording.tick_regularly();
        Ok(recording)
    }

    /// Whether the microphone is still held.
    pub fn is_live(&self) -> bool {
        !self.over.get()
    }

    /// `recording`, `paused`, `stopped` or `cancelled`.
    pub fn state(&self) -> &'static str {
        match self.reason.get() {
            Some("cancel") => "cancelled",
            Some(_) => "stopped",
            None if self.stopwatch.is_running() => "recording",
            None => "paused",
        }
    }

    /// The time recorded so far, pauses left out, in seconds.
    pub fn elapsed_seconds(&self) -> f64 {
        self.stopwatch.seconds()
    }

    /// Ends it; `reason` is what `onStop` is told.
    pub fn end(&self, reason: &'static str) {
        if self.over.get() {
            return;
        }
        if self.reason.get().is_none() {
            self.reason.set(Some(reason));
        }
        self.stopwatch.hold();
        if !self.capture.stop() {
            self.finish();
        }
    }

    /// Ends it and forgets what was recorded.
    pub fn cancel(&self) {
        self.reason.set(Some("cancel"));
        self.end("cancel");
        // Not waiting for what is still to come, which nobody wants.
        self.finish();
        self.capture.forget();
    }

    /// Holds the recording.
    pub fn pause(&self) {
        if self.reason.get().is_none() && self.capture.pause() {
            self.stopwatch.hold();
        }
    }

    /// Goes on after a pause.
    pub fn resume(&self) {
        if self.reason.get().is_none() && self.capture.resume() {
            self.stopwatch.run();
        }
    }

    /// Its `Take`, when there is nothing more to come.
    pub async fn take(&self) -> Result<JsValue, Rejection> {
        // WebKit's recorder may never say that it has stopped when its microphone
        // went away meanwhile.
        within(ENDING_MS, JsFuture::from(self.ended.clone())).await;
        self.finish();
        let reason = self.reason.get().unwrap_or("stop");
        if reason == "cancel" {
            let problem = "the recording was cancelled";
            return Err(Failure::client(Class::Aborted, None, problem).into());
        }
        let Wishes { core, wanted, .. } = &self.wishes;
        let js_wanted = wanted_to_js(*wanted);
        let making = self.capture.made(core, &js_wanted, wanted.trim);
        let Some(made) = making.await? else {
            let problem = "the recording ended before anything was captured";
            return Err(Failure::client(Class::Microphone, Some("interrupted"), problem).into());
        };
        let recorded = Recorded {
            stop_reason: reason,
            elapsed_seconds: self.elapsed_seconds(),
        };
        Ok(take_of(&made, &recorded))
    }

    fn listen(self: &Rc<Self>) -> Result<(), Rejection> {
        let listener = |act: fn(&Recording)| -> Listener {
            let recording = Rc::downgrade(self);
            Closure::new(move |_| {
                if let Some(recording) = Weak::upgrade(&recording) {
                    act(&recording);
                }
            })
        };
        let listeners = self.listeners.get_or_init(|| Listeners {
            stopped: listener(Recording::finish),
            broken: listener(|recording| recording.end("interrupted")),
            page_hidden: listener(Recording::leave),
        });
        let broken = as_function(&listeners.broken);
        for track in self.microphone.tracks() {
            track.set_onended(Some(broken));
        }
        let _ = page()
            .add_event_listener_with_callback("pagehide", as_function(&listeners.page_hidden));
        self.capture.start(Hearers {
            stopped: as_function(&listeners.stopped),
            broken,
        })
    }

    /// The page is being left. It may come back, and then the take is there;
    /// the microphone is switched off in any case.
    fn leave(&self) {
        self.end("page_hide");
        self.microphone.close();
    }

    /// Nothing more will come: everything is given back.
    fn finish(&self) {
        if self.over.replace(true) {
            return;
        }
        self.stopwatch.hold();
        self.release();
        // It stopped by itself when nobody asked it to.
        let reason = self.reason.get().unwrap_or("interrupted");
        self.reason.set(Some(reason));
        let _ = self.resolve_ended.call0(&JsValue::UNDEFINED);
        if reason != "cancel" {
            notify(self.wishes.on_stop.as_ref(), &StopReport { reason });
        }
    }

    fn release(&self) {
        self.ticker.take();
        self.capture.close();
        for track in self.microphone.tracks() {
            track.set_onended(None);
        }
        self.microphone.close();
        if let Some(listeners) = self.listeners.get() {
            let _ = page().remove_event_listener_with_callback(
                "pagehide",
                as_function(&listeners.page_hidden),
            );
        }
    }

    /// Keeps the recording alive until it is released: a page that only waits
    /// for `onStop` may have dropped its `Recorder`.
    fn tick_regularly(self: &Rc<Self>) {
        let recording = self.clone();
        let ticker = Interval::new(TICK_MS, move || recording.tick());
        *self.ticker.borrow_mut() = Some(ticker);
    }

    fn tick(&self) {
        if self.reason.get().is_some() {
            return;
        }
        let elapsed_seconds = self.elapsed_seconds();
        let most_seconds = self.wishes.max_seconds.unwrap_or(f64::INFINITY);
        if elapsed_seconds >= most_seconds {
            self.end("max_seconds");
        } else if self.is_dead() {
            self.end("interrupted");
        } else if let Some(level) = self.capture.level() {
            self.report(level, elapsed_seconds);
        }
    }

    fn report(&self, level: Level, elapsed_seconds: f64) {
        let heard = self.capture.heard(f64::from(TICK_MS) / 1000.0);
        let is_running = self.stopwatch.is_running();
        let has_finished = is_running
            && self.speech_end.borrow_mut().as_mut().is_some_and(|end| {
                heard
                    .iter()
                    .any(|(level, seconds)| end.hear(level.rms_dbfs(), *seconds))
            });
        if has_finished {
            self.end("silence");
            return;
        }
        let report = LevelReport {
            rms_dbfs: level.rms_dbfs(),
            peak_dbfs: level.peak_dbfs(),
            elapsed_seconds,
        };
        notify(self.wishes.on_level.as_ref(), &report);
    }

    /// Whether the microphone gave nothing for long: a phone call, for one,
    /// mutes it without ending it.
    fn is_dead(&self) -> bool {
        let is_muted = self.microphone.tracks().iter().any(|track| track.muted());
        let is_dead = self.capture.is_starved() || is_muted;
        let ticks = match is_dead && self.stopwatch.is_running() {
            true => self.dead_ticks.get() + 1,
            false => 0,
        };
        self.dead_ticks.set(ticks);
        ticks >= DEAD_TICKS
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

fn page() -> EventTarget {
    js_sys::global().unchecked_into()
}

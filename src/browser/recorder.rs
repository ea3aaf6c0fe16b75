//! What JavaScript holds of a recording.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::wasm_bindgen;

use super::audio::{core_of, load};
use super::client::Shared;
use super::error::{Account, Rejection};
use super::input::Options;
use super::microphone::Microphone;
use super::recording::{Recording, Wishes};
use super::task;
use crate::core::audio::wanted::Wanted;
use crate::core::catalogue::Class;
use crate::core::error::{Failure, Locale};

/// Opens the microphone and starts to record.
pub async fn start(client: &Rc<Shared>, options: &Options) -> Result<RecorderHandle, Rejection> {
    let Some(_claim) = client.claim_microphone() else {
        return Err(Failure::client(
            Class::Microphone,
            Some("busy"),
            "this ThetaOne is recording already; stop or cancel that recording first",
        )
        .into());
    };
    let scope = client.scope(options.signal(), None);
    let wanted = Wanted::read(&options.data, true);
    if let Some(kbps) = wanted.mp3 {
        scope.guard(load(kbps)).await??;
    }
    let device_id = options.data.get("deviceId").text();
    let microphone = Microphone::open(device_id, &scope).await?;
    let recording = scope
        .guard(Recording::start(
            microphone,
            Wishes {
                core: core_of(client),
                max_seconds: options.data.get("maxSeconds").number(),
                silence_seconds: options.data.get("stopOnSilenceSeconds").number(),
                pcm: options.data.get("capture").text() == Some("pcm"),
                wanted,
                on_level: options.function("onLevel"),
                on_stop: options.function("onStop"),
            },
        ))
        .await??;
    client.set_recording(&recording);
    Ok(RecorderHandle {
        recording,
        take: Rc::default(),
        locale: client.options.locale,
    })
}

/// A running recorder.
#[wasm_bindgen]
pub struct RecorderHandle {
    recording: Rc<Recording>,
    take: Rc<RefCell<Option<Promise>>>,
    locale: Locale,
}

#[wasm_bindgen]
impl RecorderHandle {
    /// `recording`, `paused`, `stopped` or `cancelled`.
    #[wasm_bindgen(getter)]
    pub fn state(&self) -> String {
        self.recording.state().into()
    }

    /// The time recorded so far, in seconds.
    #[wasm_bindgen(getter, js_name = elapsedSeconds)]
    pub fn elapsed_seconds(&self) -> f64 {
        self.recording.elapsed_seconds()
    }

    /// Ends the recording and resolves to its `Take`. Asked twice, it gives the
    /// same one; after a failure it tries again, because the recording is still
    /// there.
    pub fn stop(&self) -> Promise {
        self.recording.end("stop");
        if let Some(take) = self.take.borrow().as_ref() {
            return take.clone();
        }
        let recording = self.recording.clone();
        let account = Account {
            locale: self.locale,
            ..Account::default()
        };
        let kept = self.take.clone();
        let take = task::promise(async move {
            recording.take().await.map_err(|rejection: Rejection| {
                kept.take();
                rejection.into_js(&account)
            })
        });
        *self.take.borrow_mut() = Some(take.clone());
        take
    }

    /// Ends the recording and forgets it.
    pub fn cancel(&self) {
        self.recording.cancel();
    }

    /// Holds the recording.
    pub fn pause(&self) {
        self.recording.pause();
    }

    /// Goes on after a pause.
    pub fn resume(&self) {
        self.recording.resume();
    }
}

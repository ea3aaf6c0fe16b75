//! What turns the microphone's stream into a recording.

mod encoded;
mod pcm;

use js_sys::Function;
use wasm_bindgen::JsValue;
use web_sys::MediaStream;

use super::error::Rejection;
use super::microphone::refusal_of;
use crate::core::audio::level::Level;
use encoded::Encoded;
use pcm::Pcm;

/// What listens to a capture.
pub struct Hearers<'a> {
    /// Called when there is nothing more to come.
    pub stopped: &'a Function,
    /// Called when it broke.
    pub broken: &'a Function,
}

/// The two ways to record.
pub enum Capture {
    /// The browser's recorder, which encodes.
    Encoded(Encoded),
    /// Samples as they are, prepared while they come.
    Pcm(Pcm),
}

impl Capture {
    /// Gets ready to record `stream`. Where samples cannot be had as they are,
    /// for want of an audio worklet or by the page's policy, the browser's
    /// recorder does it: a recording in another format beats none.
    pub async fn open(
        core: &JsValue,
        stream: &MediaStream,
        wants_pcm: bool,
        wants_levels: bool,
    ) -> Result<Self, Rejection> {
        if wants_pcm && let Ok(pcm) = Pcm::open(core, stream).await {
            return Ok(Capture::Pcm(pcm));
        }
        let encoded = Encoded::open(stream, wants_levels).map_err(refused)?;
        Ok(Capture::Encoded(encoded))
    }

    /// Starts.
    pub fn start(&self, hearers: Hearers) -> Result<(), Rejection> {
        match self {
            Capture::Encoded(encoded) => encoded.start(hearers).map_err(refused),
            Capture::Pcm(pcm) => {
                pcm.start(hearers);
                Ok(())
            }
        }
    }

    /// Holds; whether it does.
    pub fn pause(&self) -> bool {
        match self {
            Capture::Encoded(encoded) => encoded.pause(),
            Capture::Pcm(pcm) => pcm.pause(),
        }
    }

    /// Goes on; whether it does.
    pub fn resume(&self) -> bool {
        match self {
            Capture::Encoded(encoded) => encoded.resume(),
            Capture::Pcm(pcm) => pcm.resume(),
        }
    }

    /// Asks for what is still to come; `false` where nothing is.
    pub fn stop(&self) -> bool {
        match self {
            Capture::Encoded(encoded) => encoded.stop(),
            Capture::Pcm(pcm) => pcm.stop(),
        }
    }

    /// The level of the last moment, where it is measured.
    pub fn level(&self) -> Option<Level> {
        match self {
            Capture::Encoded(encoded) => encoded.level(),
            Capture::Pcm(pcm) => Some(pcm.level()),
        }
    }

    /// What was heard since it was asked last, in levels and the seconds that
    /// each lasted; a level that is measured now stands for `seconds`.
    pub fn heard(&self, seconds: f64) -> Vec<(Level, f64)> {
        match self {
            Capture::Encoded(encoded) => {
                let level = encoded.level();
                level.map(|level| (level, seconds)).into_iter().collect()
            }
            Capture::Pcm(pcm) => pcm.heard(),
        }
    }

    /// Whether nothing came since it was asked last, although something should.
    pub fn is_starved(&self) -> bool {
        match self {
            Capture::Encoded(_) => false,
            Capture::Pcm(pcm) => pcm.is_starved(),
        }
    }

    /// Gives everything back but what was recorded.
    pub fn close(&self) {
        match self {
            Capture::Encoded(encoded) => encoded.close(),
            Capture::Pcm(pcm) => pcm.close(),
        }
    }

    /// Forgets what was recorded.
    pub fn forget(&self) {
        match self {
            Capture::Encoded(encoded) => encoded.forget(),
            Capture::Pcm(pcm) => pcm.forget(),
        }
    }

    /// What was recorded, ready to be sent. `None` where nothing was.
    pub async fn made(
        &self,
        core: &JsValue,
        wanted: &JsValue,
        trim: bool,
    ) -> Result<Option<JsValue>, Rejection> {
        match self {
            Capture::Encoded(encoded) => encoded.made(core, wanted).await,
            Capture::Pcm(pcm) => match pcm.finished(trim)? {
                Some(finished) => {
                    let made = finished.file(wanted).await;
                    made.map(Some).map_err(Rejection::of_thrown)
                }
                None => Ok(None),
            },
        }
    }
}

fn refused(cause: JsValue) -> Rejection {
    Rejection::caused_by(refusal_of(&cause), cause)
}

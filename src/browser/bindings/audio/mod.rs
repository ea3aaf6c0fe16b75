//! What the package's `prepare-audio.js` asks the core: what a recording is, what is to
//! be done with it, and to do it, block by block. Bytes and samples are copied
//! into wasm memory once, and out of it never: JavaScript looks at them there.

mod analyzer;
mod inspection;
mod mp3;

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::browser::bindings::Core;
use crate::browser::bindings::audio::analyzer::EarHandle;
use crate::browser::bindings::audio::inspection::InspectionHandle;
use crate::browser::bindings::audio::mp3::WalkerHandle;
use crate::browser::error::Rejection;
use crate::browser::js::object::object;
use crate::browser::js::read_options::Options;
use crate::core::audio::analysis::{Listener, is_cut_short, is_truncated};
use crate::core::audio::output_format::Wanted;
use crate::core::audio::prepare::Preparer;
use crate::core::endpoint::Endpoint;

pub use crate::browser::bindings::audio::analyzer::QualityHandle;

#[wasm_bindgen]
impl Core {
    /// What is to be done with a recording of `totalBytes` that starts with `head`.
    pub fn inspect(&self, head: Vec<u8>, total_bytes: f64) -> Result<InspectionHandle, JsValue> {
        InspectionHandle::new(head, total_bytes as u64).map_err(Rejection::into_thrown)
    }

    /// Returns an ear that listens to audio and converts it into what the API takes; of
    /// several channels, it takes their mean or `channel`.
    pub fn preparer(
        &self,
        sample_rate: u32,
        is_16_bit: bool,
        channel: Option<u16>,
    ) -> Result<EarHandle, JsValue> {
        match Preparer::new(sample_rate, is_16_bit) {
            Ok(preparer) => Ok(EarHandle::preparing(preparer, channel)),
            Err(failure) => Err(Rejection::from(failure).into_thrown()),
        }
    }

    /// What only listens.
    pub fn listener(&self, sample_rate: u32) -> EarHandle {
        EarHandle::listening(Listener::new(sample_rate), sample_rate)
    }

    /// What walks through an MP3.
    pub fn walker(&self) -> WalkerHandle {
        WalkerHandle::new()
    }

    /// What so many seconds cost, by the name of the method.
    pub fn credits(&self, seconds: f64) -> JsValue {
        let price = |endpoint: Endpoint| seconds * endpoint.credits_per_second();
        let prices = Endpoint::ALL.iter();
        let members: Vec<_> = prices
            .map(|endpoint| (endpoint.method(), price(*endpoint).into()))
            .collect();
        object(&members)
    }

    /// Checks the options of `prepare()`, which may be anything; gives what the
    /// take is to become.
    #[wasm_bindgen(js_name = preparingWanted)]
    pub fn preparing_wanted(&self, options: &JsValue) -> Result<JsValue, JsValue> {
        let options =
            Options::read("options", options, "PREPARE").map_err(Rejection::into_thrown)?;
        Ok(wanted_to_js(Wanted::read(&options.data, false)))
    }

    /// In how many kbit/s audio of this rate is encoded where `kbps` are wanted;
    /// `undefined` where it stays WAV.
    #[wasm_bindgen(js_name = kbpsAt)]
    pub fn kbps_at(&self, kbps: u32, sample_rate: u32) -> Option<u32> {
        wanted(false, Some(kbps)).kbps_at(sample_rate)
    }

    /// Whether a finished take of this type is what is wanted.
    #[wasm_bindgen(js_name = isMetBy)]
    pub fn is_met_by(&self, trim: bool, kbps: Option<u32>, content_type: &str) -> bool {
        wanted(trim, kbps).is_met_by(content_type)
    }

    /// Whether a recording of `seconds` that ran for `elapsedSeconds` lost a part.
    #[wasm_bindgen(js_name = isCutShort)]
    pub fn is_cut_short(&self, seconds: f64, elapsed_seconds: f64) -> bool {
        is_cut_short(seconds, elapsed_seconds)
    }

    /// Whether a file of whose promise so much is missing is to be called truncated.
    #[wasm_bindgen(js_name = isTruncated)]
    pub fn is_truncated(&self, missing_seconds: f64) -> bool {
        is_truncated(missing_seconds)
    }
}

fn wanted(trim: bool, mp3: Option<u32>) -> Wanted {
    Wanted { trim, mp3 }
}

/// `{ trim, kbps }`, as the package's JavaScript knows what is wanted.
pub fn wanted_to_js(wanted: Wanted) -> JsValue {
    object(&[("trim", wanted.trim.into()), ("kbps", wanted.mp3.into())])
}

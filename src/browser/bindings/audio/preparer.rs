//! The converter of audio into the PCM that the API takes.

use std::rc::Rc;

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::browser::bindings::audio::analyzer::AudioAnalysis;
use crate::browser::bindings::audio::inspection::AudioInspection;
use crate::browser::bindings::audio::no_samples_failure;
use crate::browser::error::Rejection;
use crate::core::audio::downmix::Downmix;
use crate::core::audio::prepare::{PreparedPcm, Preparer};

/// The capacity for pending PCM: 256 kB, at which `pcm-pipeline.js` copies it out, and the output
/// of one block. It does not grow: growing takes a second copy, and wasm memory never shrinks.
const CAPACITY_BYTES: usize = 320 * 1024;

/// Analyzes audio and converts it into 16-bit PCM. JavaScript must `free()` it.
#[wasm_bindgen]
pub struct PcmPreparer {
    /// `None` after `finish()`.
    preparer: Option<Preparer>,
    prepared: Option<Rc<PreparedPcm>>,
    /// Samples that JavaScript has not copied yet.
    pcm: Vec<u8>,
    /// Set by the first `push()`.
    downmix: Option<Downmix>,
    channel: Option<u16>,
}

#[wasm_bindgen]
impl PcmPreparer {
    /// Returns a preparer at the start of audio of this rate; throws if the rate cannot be used.
    /// `is16Bit` is true if the samples have 16 bits or fewer. Several channels are downmixed,
    /// unless `channel` selects one.
    #[wasm_bindgen(constructor)]
    pub fn new(
        sample_rate: u32,
        is_16_bit: bool,
        channel: Option<u16>,
    ) -> Result<PcmPreparer, JsValue> {
        let preparer = Preparer::new(sample_rate, is_16_bit)
            .map_err(|failure| Rejection::from(failure).into_js_failure())?;
        Ok(PcmPreparer {
            preparer: Some(preparer),
            prepared: None,
            pcm: Vec::with_capacity(CAPACITY_BYTES),
            downmix: None,
            channel,
        })
    }

    /// Takes the next samples, ±1 at full scale, in frames of `channels`.
    pub fn push(&mut self, samples: &[f32], channels: u16) {
        let channel = self.channel;
        let downmix = self
            .downmix
            .get_or_insert_with(|| Downmix::new(channels, channel));
        let mono = downmix.mix(samples);
        if let Some(preparer) = &mut self.preparer {
            preparer.push(mono, &mut self.pcm);
        }
    }

    /// Takes the next bytes of a WAV that was inspected.
    #[wasm_bindgen(js_name = pushWav)]
    pub fn push_wav(&mut self, inspection: &mut AudioInspection, bytes: &[u8]) {
        if let Some(preparer) = &mut self.preparer {
            inspection.decode(bytes, &mut |mono| preparer.push(mono, &mut self.pcm));
        }
    }

    /// Returns the channel that is better than the mean of all, if there is one, once all samples
    /// were taken.
    #[wasm_bindgen(js_name = betterChannel)]
    pub fn better_channel(&mut self) -> Option<u16> {
        self.downmix.as_mut().and_then(Downmix::better_channel)
    }

    /// Returns the number of bytes of PCM that were not copied yet.
    #[wasm_bindgen(getter, js_name = pcmBytes)]
    pub fn pcm_bytes(&self) -> usize {
        self.pcm.len()
    }

    /// Returns a view of the pending PCM in wasm memory. It is valid only until the next call into
    /// wasm, so copy it first.
    #[allow(unsafe_code)]
    pub fn pcm(&self) -> Uint8Array {
        // SAFETY: JavaScript copies the view before it calls into wasm again.
        unsafe { Uint8Array::view(&self.pcm) }
    }

    /// Removes the pending PCM, after it was copied.
    pub fn clear(&mut self) {
        self.pcm.clear();
    }

    /// Returns the analysis of all samples. `trim` leaves the silence around the speech out. A
    /// second call returns the same analysis. Throws if there were no samples.
    pub fn finish(&mut self, trim: bool) -> Result<AudioAnalysis, JsValue> {
        if let Some(preparer) = self.preparer.take() {
            let prepared = preparer
                .finish(trim, &mut self.pcm)
                .map_err(|failure| Rejection::from(failure).into_js_failure())?;
            self.prepared = Some(Rc::new(prepared));
        }
        let prepared = self.prepared.clone().ok_or_else(no_samples_failure)?;
        Ok(AudioAnalysis(prepared))
    }
}

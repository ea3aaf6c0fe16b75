//! What listens to audio as it comes, and may write it anew.

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::browser::bindings::audio::inspection::InspectionHandle;
use crate::browser::error::Rejection;
use crate::browser::js::object::object;
use crate::core::audio::analysis::{Listener, Quality};
use crate::core::audio::downmix::Downmix;
use crate::core::audio::prepare::{Prepared, Preparer};
use crate::core::error::failure::Failure;

/// How many bytes of samples can be gathered: 256 kB, at which `pcm-pipeline.js` takes
/// them, and what is made at a time, so that the place need not grow. Growing
/// takes a second copy, and what memory wasm once had it keeps.
const ROOM_BYTES: usize = 320 * 1024;

/// Listens to mono audio from its start to its end.
#[wasm_bindgen]
pub struct EarHandle {
    work: Work,
    /// 16-bit samples that were not taken yet.
    pcm: Vec<u8>,
    /// Set for audio that is decoded elsewhere, which comes in channels.
    downmix: Option<Downmix>,
    channel: Option<u16>,
}

enum Work {
    Listening(Listener, u32),
    Preparing(Box<Preparer>),
    /// `None` where there was nothing to be heard.
    Done(Option<Prepared>),
}

impl Work {
    fn hear(&mut self, mono: &[f32], pcm: &mut Vec<u8>) {
        match self {
            Work::Listening(listener, _) => listener.push(mono),
            Work::Preparing(preparer) => preparer.push(mono, pcm),
            Work::Done(_) => {}
        }
    }
}

impl EarHandle {
    fn new(work: Work, room_bytes: usize, channel: Option<u16>) -> Self {
        EarHandle {
            work,
            pcm: Vec::with_capacity(room_bytes),
            downmix: None,
            channel,
        }
    }

    pub(super) fn listening(listener: Listener, rate: u32) -> Self {
        EarHandle::new(Work::Listening(listener, rate), 0, None)
    }

    pub(super) fn preparing(preparer: Preparer, channel: Option<u16>) -> Self {
        EarHandle::new(Work::Preparing(Box::new(preparer)), ROOM_BYTES, channel)
    }

    fn prepared(&self) -> Option<&Prepared> {
        match &self.work {
            Work::Done(prepared) => prepared.as_ref(),
            _ => None,
        }
    }

    fn settle(&mut self, trim: bool) -> Result<(), Failure> {
        self.work = match std::mem::replace(&mut self.work, Work::Done(None)) {
            Work::Listening(listener, rate) => {
                Work::Done(Some(Prepared::new(rate, listener.finish(), trim)))
            }
            Work::Preparing(preparer) => Work::Done(Some(preparer.finish(trim, &mut self.pcm)?)),
            Work::Done(None) => {
                return Err(Failure::audio("empty", "the recording holds no samples"));
            }
            done => done,
        };
        Ok(())
    }
}

#[wasm_bindgen]
impl EarHandle {
    /// Takes the next samples, full scale being ±1, in frames of so many channels.
    pub fn push(&mut self, samples: &[f32], channels: u16) {
        let channel = self.channel;
        let downmix = self
            .downmix
            .get_or_insert_with(|| Downmix::new(channels, channel));
        self.work.hear(downmix.mix(samples), &mut self.pcm);
    }

    /// The channel that is worth more than the mean of all, if there is one, now that
    /// all was heard.
    #[wasm_bindgen(js_name = betterChannel)]
    pub fn better_channel(&mut self) -> Option<u16> {
        self.downmix.as_mut().and_then(Downmix::better_channel)
    }

    /// Takes the next bytes of what was inspected.
    pub fn read(&mut self, inspection: &mut InspectionHandle, bytes: &[u8]) {
        inspection.decode(bytes, &mut |mono| self.work.hear(mono, &mut self.pcm));
    }

    /// How many bytes of 16-bit samples were made and not taken.
    #[wasm_bindgen(getter, js_name = pcmBytes)]
    pub fn pcm_bytes(&self) -> usize {
        self.pcm.len()
    }

    /// They, where they lie: to be copied at once.
    #[allow(unsafe_code)]
    pub fn pcm(&self) -> Uint8Array {
        // SAFETY: JavaScript reads it before it calls anything of the core's.
        unsafe { Uint8Array::view(&self.pcm) }
    }

    /// They were taken.
    pub fn clear(&mut self) {
        self.pcm.clear();
    }

    /// All of it was heard; with `trim`, the silence around its speech is not to be
    /// kept. Asked again, it says the same.
    pub fn finish(&mut self, trim: bool) -> Result<(), JsValue> {
        let settled = self.settle(trim);
        settled.map_err(|failure| Rejection::from(failure).into_thrown())
    }

    /// What was heard, as a take says it; see `index.d.ts`.
    pub fn facts(&self) -> JsValue {
        let Some(prepared) = self.prepared() else {
            return JsValue::UNDEFINED;
        };
        let quality = &prepared.quality;
        object(&[
            ("durationSeconds", quality.duration_seconds.into()),
            ("sampleRate", prepared.sample_rate.into()),
            ("offsetSeconds", prepared.offset_seconds().into()),
            ("peakDbfs", quality.peak_dbfs.into()),
            ("rmsDbfs", quality.rms_dbfs.into()),
            ("clippedRatio", quality.clipped_ratio.into()),
            ("speechSeconds", quality.speech_seconds.into()),
            (
                "leadingSilenceSeconds",
                quality.leading_silence_seconds.into(),
            ),
            (
                "trailingSilenceSeconds",
                quality.trailing_silence_seconds.into(),
            ),
            ("warnings", quality.warnings().into()),
        ])
    }

    /// The rate of what is kept, in Hz.
    #[wasm_bindgen(getter, js_name = sampleRate)]
    pub fn sample_rate(&self) -> u32 {
        self.prepared().map_or(0, |prepared| prepared.sample_rate)
    }

    /// The first sample that is kept.
    #[wasm_bindgen(getter)]
    pub fn start(&self) -> usize {
        self.prepared().map_or(0, |prepared| prepared.kept.start)
    }

    /// The sample behind the last that is kept.
    #[wasm_bindgen(getter)]
    pub fn end(&self) -> usize {
        self.prepared().map_or(0, |prepared| prepared.kept.end)
    }

    /// Whether something is not kept.
    #[wasm_bindgen(getter, js_name = isTrimmed)]
    pub fn is_trimmed(&self) -> bool {
        let is_trimmed = |prepared: &Prepared| prepared.kept != prepared.quality.whole();
        self.prepared().is_some_and(is_trimmed)
    }

    /// How long all of it was, in seconds.
    #[wasm_bindgen(getter, js_name = heardSeconds)]
    pub fn heard_seconds(&self) -> f64 {
        let heard = |prepared: &Prepared| prepared.quality.heard_seconds();
        self.prepared().map_or(0.0, heard)
    }

    /// The header of the WAV of what is kept.
    pub fn header(&self, channels: u16) -> Vec<u8> {
        let header = |prepared: &Prepared| prepared.header(channels).to_vec();
        self.prepared().map_or_else(Vec::new, header)
    }

    /// What it is like, in full.
    pub fn quality(&self) -> Option<QualityHandle> {
        let quality = |prepared: &Prepared| QualityHandle(prepared.quality.clone());
        self.prepared().map(quality)
    }
}

/// What audio is like that was listened to.
#[wasm_bindgen]
pub struct QualityHandle(pub(in crate::browser) Quality);

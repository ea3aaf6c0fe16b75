//! The inspection of a recording by its first bytes, and the decoding of WAV.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::browser::bindings::audio::to_output_format;
use crate::browser::error::Rejection;
use crate::browser::js::object::object;
use crate::core::audio::downmix::Downmix;
use crate::core::audio::plan::{PreparationPlan, inspect};
use crate::core::audio::speech_search;
use crate::core::audio::wav::Wav;

/// The number of samples that are processed at a time.
const BLOCK_SAMPLES: usize = 16_384;

/// The inspection of a recording. JavaScript must `free()` it.
#[wasm_bindgen]
pub struct AudioInspection {
    plan: PreparationPlan,
    /// The bytes of a frame that continues in the next block.
    partial_frame: Vec<u8>,
    downmix: Downmix,
    is_channel_chosen: bool,
}

impl AudioInspection {
    /// Decodes the next bytes, and calls `take` with the downmixed samples. The bytes may end
    /// within a frame, but `take` gets whole frames, or the channels would change places.
    pub(super) fn decode(&mut self, mut bytes: &[u8], take: &mut dyn FnMut(&[f32])) {
        let Some(wav) = self.source() else {
            return;
        };
        let frame_bytes = wav.frame_bytes() as usize;
        // Freed after each call, because thousands of recordings may be read at the same time.
        let mut samples = Vec::new();
        let downmix = &mut self.downmix;
        let mut decode_frames = |frames: &[u8]| {
            samples.clear();
            wav.decode(frames, &mut samples);
            take(downmix.mix(&samples));
        };
        if !self.partial_frame.is_empty() {
            let missing = frame_bytes - self.partial_frame.len();
            let (end, rest) = bytes.split_at(missing.min(bytes.len()));
            self.partial_frame.extend(end);
            if self.partial_frame.len() < frame_bytes {
                return;
            }
            decode_frames(&self.partial_frame);
            self.partial_frame.clear();
            bytes = rest;
        }
        let (frames, partial) = bytes.split_at(bytes.len() - bytes.len() % frame_bytes);
        // A frame may have tens of thousands of channels. No slice is longer than `usize::MAX`, so
        // that such a file is one block.
        for block in frames.chunks(frame_bytes.saturating_mul(BLOCK_SAMPLES)) {
            decode_frames(block);
        }
        self.partial_frame.extend(partial);
    }

    /// Returns the WAV that is sent unchanged or converted.
    fn source(&self) -> Option<Wav> {
        match &self.plan {
            PreparationPlan::PassThrough(wav) | PreparationPlan::ConvertWav(wav) => Some(*wav),
            _ => None,
        }
    }
}

#[wasm_bindgen]
impl AudioInspection {
    /// Inspects a recording of `totalBytes` that starts with `head`.
    #[wasm_bindgen(constructor)]
    pub fn new(head: &[u8], total_bytes: f64) -> Result<AudioInspection, JsValue> {
        let plan = inspect(head, total_bytes as u64)
            .map_err(|failure| Rejection::from(failure).into_js_failure())?;
        let mut inspection = AudioInspection {
            plan,
            partial_frame: Vec::new(),
            downmix: Downmix::new(1, None),
            is_channel_chosen: false,
        };
        if let Some(wav) = inspection.source() {
            inspection.downmix = Downmix::new(wav.channels, None);
        }
        Ok(inspection)
    }

    /// Returns what has to be done with the recording to send it as MP3 of `kbps`, or as WAV:
    /// `"pass-through"`, `"scan-mp3"`, `"convert-wav"` or `"decode"`.
    pub fn plan(&self, kbps: Option<u32>) -> String {
        let format = to_output_format(false, kbps);
        let plan = match &self.plan {
            PreparationPlan::PassThrough(wav) if format.encodes_to_mp3(wav.sample_rate) => {
                "convert-wav"
            }
            PreparationPlan::PassThrough(_) => "pass-through",
            PreparationPlan::ScanMp3(..) => "scan-mp3",
            PreparationPlan::ConvertWav(_) => "convert-wav",
            PreparationPlan::DecodeInBrowser(_) => "decode",
        };
        plan.into()
    }

    /// Returns the file that the browser may be asked to decode: `{ container, isUnseen, reason,
    /// start, end }`. `isUnseen` is true if more of its start is needed to inspect it. `reason` is
    /// the reason of the error if the browser cannot decode it; if absent, the browser's own error
    /// counts. `start` and `end` are those of the bytes to scan.
    #[wasm_bindgen(getter)]
    pub fn file(&self) -> JsValue {
        let (decoding, range) = match &self.plan {
            PreparationPlan::ScanMp3(range, decoding) => (decoding, range.clone()),
            PreparationPlan::DecodeInBrowser(decoding) => (decoding, 0..0),
            _ => return JsValue::UNDEFINED,
        };
        object(&[
            ("container", decoding.container.name().into()),
            ("isUnseen", decoding.needs_more_bytes.into()),
            ("reason", decoding.error_reason().into()),
            ("start", (range.start as f64).into()),
            ("end", (range.end as f64).into()),
        ])
    }

    /// Selects one channel for decoding if it is better than the mean of all, once all samples
    /// were decoded. Returns true if it does; the recording must then be decoded again.
    #[wasm_bindgen(js_name = chooseChannel)]
    pub fn choose_channel(&mut self) -> bool {
        let Some(channel) = self.downmix.better_channel() else {
            return false;
        };
        self.downmix = Downmix::new(self.downmix.channels(), Some(channel));
        self.partial_frame.clear();
        self.is_channel_chosen = true;
        true
    }

    /// Returns the layout of a WAV that is sent unchanged or converted: `{ sampleRate, channels,
    /// dataStart, dataBytes, durationSeconds, is16Bit, isPlain, isTruncated }`.
    #[wasm_bindgen(getter)]
    pub fn wav(&self) -> JsValue {
        let Some(wav) = self.source() else {
            return JsValue::UNDEFINED;
        };
        let is_mono = wav.channels == 1 || self.is_channel_chosen;
        let is_16_bit = wav.sample_format.fits_16_bits() && is_mono;
        object(&[
            ("sampleRate", wav.sample_rate.into()),
            ("channels", wav.channels.into()),
            ("dataStart", (wav.data_start as f64).into()),
            ("dataBytes", (wav.data_bytes as f64).into()),
            ("durationSeconds", wav.duration_seconds().into()),
            ("is16Bit", is_16_bit.into()),
            ("isPlain", wav.is_plain.into()),
            ("isTruncated", wav.is_truncated.into()),
        ])
    }

    /// Returns a search for speech in a WAV that is sent unchanged.
    pub fn search(&self) -> SpeechSearch {
        SpeechSearch {
            search: self.source().map(|wav| {
                let samples = wav.data_bytes / wav.frame_bytes();
                speech_search::SpeechSearch::new(wav.sample_rate, samples)
            }),
            has_found: false,
        }
    }
}

/// Searches for speech, until some is found. JavaScript must `free()` it.
#[wasm_bindgen]
pub struct SpeechSearch {
    search: Option<speech_search::SpeechSearch>,
    has_found: bool,
}

#[wasm_bindgen]
impl SpeechSearch {
    /// Takes the next bytes of the recording that was inspected. Returns true once the answer is
    /// certain. Several channels are read to their end, because they may cancel each other out
    /// only later.
    pub fn push(&mut self, inspection: &mut AudioInspection, bytes: &[u8]) -> bool {
        if let Some(search) = &mut self.search {
            let has_found = &mut self.has_found;
            inspection.decode(bytes, &mut |mono| {
                *has_found = *has_found || search.push(mono);
            });
        }
        self.has_found && inspection.downmix.channels() == 1
    }

    /// Returns true if there was speech.
    pub fn finish(&mut self) -> bool {
        let search = self.search.take();
        self.has_found || search.is_some_and(speech_search::SpeechSearch::finish)
    }
}

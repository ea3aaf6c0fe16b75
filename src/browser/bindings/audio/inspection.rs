//! What is known of a recording by its first bytes, and the samples in it.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::browser::bindings::audio::wanted;
use crate::browser::error::Rejection;
use crate::browser::js::object::object;
use crate::core::audio::downmix::Downmix;
use crate::core::audio::plan::{INSPECTED_BYTES, Preparation, inspect};
use crate::core::audio::speech_search::SpeechSearch;
use crate::core::audio::wav::Wav;

/// How many samples are worked on at a time.
const BLOCK_SAMPLES: usize = 16_384;

/// A recording that was looked at.
#[wasm_bindgen]
pub struct InspectionHandle {
    preparation: Preparation,
    /// Has heard its first bytes, and what was left of them. Begun at once, so that thousands of
    /// calls that wait do not keep 256 kB each.
    search: Option<(SearchHandle, Vec<u8>, Downmix)>,
    /// What was read of a frame that has more.
    partial: Vec<u8>,
    downmix: Downmix,
    is_channel_chosen: bool,
}

impl InspectionHandle {
    pub(super) fn new(mut head: Vec<u8>, total_bytes: u64) -> Result<Self, Rejection> {
        let preparation = inspect(&head, total_bytes)?;
        head.truncate(INSPECTED_BYTES);
        let channels = wav_of(&preparation).map_or(1, |wav| wav.channels);
        let mut inspection = InspectionHandle {
            preparation,
            search: None,
            partial: Vec::new(),
            downmix: Downmix::new(channels, None),
            is_channel_chosen: false,
        };
        if let Preparation::SendAsIs(_) = inspection.preparation {
            let search = inspection.begun_search(&head);
            let partial = std::mem::take(&mut inspection.partial);
            let mut downmix =
                std::mem::replace(&mut inspection.downmix, Downmix::new(channels, None));
            downmix.release_buffer();
            inspection.search = Some((search, partial, downmix));
        }
        Ok(inspection)
    }

    fn begun_search(&mut self, head: &[u8]) -> SearchHandle {
        let mut search = SearchHandle::default();
        if let Some(wav) = self.wav() {
            let samples = wav.data_bytes / wav.frame_bytes();
            search.search = Some(SpeechSearch::new(wav.sample_rate, samples));
            let end = (wav.data_start + wav.data_bytes).min(head.len() as u64);
            let start = wav.data_start.min(end);
            search.read(self, &head[start as usize..end as usize]);
        }
        search
    }

    fn wav(&self) -> Option<Wav> {
        wav_of(&self.preparation)
    }

    /// Hands the samples of the next bytes on, downmixed. Reads end anywhere, but
    /// what is handed on ends between frames, or the channels would change places.
    pub(super) fn decode(&mut self, mut bytes: &[u8], hear: &mut dyn FnMut(&[f32])) {
        let Some(wav) = self.wav() else {
            return;
        };
        let frame_bytes = wav.frame_bytes() as usize;
        // Not kept between blocks: thousands of calls may be read at the same time.
        let mut samples = Vec::new();
        let downmix = &mut self.downmix;
        let mut hand_on = |whole: &[u8]| {
            samples.clear();
            wav.decode(whole, &mut samples);
            hear(downmix.mix(&samples));
        };
        if !self.partial.is_empty() {
            let missing = frame_bytes - self.partial.len();
            let (end, rest) = bytes.split_at(missing.min(bytes.len()));
            self.partial.extend(end);
            if self.partial.len() < frame_bytes {
                return;
            }
            hand_on(&self.partial);
            self.partial.clear();
            bytes = rest;
        }
        let (whole, partial) = bytes.split_at(bytes.len() - bytes.len() % frame_bytes);
        // A frame of tens of thousands of channels: no slice is as long as the
        // largest number, so that what has more bytes than it counts is one block.
        for block in whole.chunks(frame_bytes.saturating_mul(BLOCK_SAMPLES)) {
            hand_on(block);
        }
        self.partial.extend(partial);
    }
}

fn wav_of(preparation: &Preparation) -> Option<Wav> {
    match preparation {
        Preparation::SendAsIs(wav) | Preparation::Rewrite(wav) => Some(*wav),
        _ => None,
    }
}

#[wasm_bindgen]
impl InspectionHandle {
    /// What is to be done where so many kbit/s are wanted, or WAV: `send` it as it
    /// is, `walk` through it first, `rewrite` or `decode` it.
    pub fn way(&self, kbps: Option<u32>) -> String {
        let way = match &self.preparation {
            Preparation::SendAsIs(wav) if wanted(false, kbps).makes_mp3_of(wav.sample_rate) => {
                "rewrite"
            }
            Preparation::SendAsIs(_) => "send",
            Preparation::Walk(..) => "walk",
            Preparation::Rewrite(_) => "rewrite",
            Preparation::Decode(_) => "decode",
        };
        way.into()
    }

    /// Returns the file that the browser may be asked to decode: `{ container, isUnseen,
    /// reason, start, end }`. `isUnseen` is true if more of its start is needed to inspect
    /// it. `reason` is to be given if the browser cannot decode it; if absent, the browser
    /// knows best. `start` and `end` are those of the bytes to walk through.
    #[wasm_bindgen(getter)]
    pub fn file(&self) -> JsValue {
        let (decoding, range) = match &self.preparation {
            Preparation::Walk(range, decoding) => (decoding, range.clone()),
            Preparation::Decode(decoding) => (decoding, 0..0),
            _ => return JsValue::UNDEFINED,
        };
        object(&[
            ("container", decoding.container.name().into()),
            ("isUnseen", decoding.is_unseen.into()),
            ("reason", decoding.refusal().into()),
            ("start", (range.start as f64).into()),
            ("end", (range.end as f64).into()),
        ])
    }

    /// Whether one channel is worth more than the mean of all, now that all was
    /// decoded; then it is what is decoded from now on.
    #[wasm_bindgen(js_name = chooseChannel)]
    pub fn choose_channel(&mut self) -> bool {
        let Some(channel) = self.downmix.better_channel() else {
            return false;
        };
        self.downmix = Downmix::new(self.downmix.channels(), Some(channel));
        self.partial.clear();
        self.is_channel_chosen = true;
        true
    }

    /// The samples of what is sent or rewritten: `{ sampleRate, channels, dataStart,
    /// dataBytes, durationSeconds, is16Bit, isPlain, isTruncated }`.
    #[wasm_bindgen(getter, js_name = wav)]
    pub fn layout(&self) -> JsValue {
        let Some(wav) = self.wav() else {
            return JsValue::UNDEFINED;
        };
        let is_mono = wav.channels == 1 || self.is_channel_chosen;
        let is_16_bit = wav.coding.fits_16_bits() && is_mono;
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

    /// What looks for speech in it, and has heard the first bytes already.
    pub fn search(&mut self) -> SearchHandle {
        let Some((search, partial, downmix)) = self.search.take() else {
            return SearchHandle::default();
        };
        (self.partial, self.downmix) = (partial, downmix);
        search
    }
}

/// Looks for speech until there surely is some.
#[wasm_bindgen]
#[derive(Default)]
pub struct SearchHandle {
    search: Option<SpeechSearch>,
    has_found: bool,
    is_over: bool,
}

#[wasm_bindgen]
impl SearchHandle {
    /// Listens on, to the next bytes of what was inspected. `true`: there is speech,
    /// and the rest cannot change that. Several channels are heard to their end, or it
    /// would not be known whether they cancel each other.
    pub fn read(&mut self, inspection: &mut InspectionHandle, bytes: &[u8]) -> bool {
        if let Some(search) = &mut self.search {
            let has_found = &mut self.has_found;
            inspection.decode(bytes, &mut |mono| {
                *has_found = *has_found || search.push(mono);
            });
        }
        self.is_over = self.has_found && inspection.downmix.channels() == 1;
        self.is_over
    }

    /// Whether there is nothing more to be known.
    #[wasm_bindgen(getter, js_name = isOver)]
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// Whether there was speech in what was heard.
    pub fn finish(&mut self) -> bool {
        let search = self.search.take();
        self.has_found || search.is_some_and(SpeechSearch::finish)
    }
}

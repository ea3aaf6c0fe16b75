//! What is known of a recording by its first bytes, and the samples in it.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::wanted;
use crate::browser::error::Rejection;
use crate::browser::members::object;
use crate::core::audio::speech_search::SpeechSearch;
use crate::core::audio::wav::Wav;
use crate::core::audio::{INSPECTED_BYTES, Preparation, Upload, inspect};

/// How many samples are worked on at a time.
const BLOCK_SAMPLES: usize = 16_384;

/// A recording that was looked at.
#[wasm_bindgen]
pub struct InspectionHandle {
    preparation: Preparation,
    /// Has heard its first bytes, and what was left of them. Begun at once, so that thousands of
    /// calls that wait do not keep 256 kB each.
    search: Option<(SearchHandle, Vec<u8>)>,
    /// What was read of a frame that has more.
    partial: Vec<u8>,
}

impl InspectionHandle {
    pub(super) fn new(mut head: Vec<u8>, total_bytes: u64) -> Result<Self, Rejection> {
        let preparation = inspect(&head, total_bytes)?;
        head.truncate(INSPECTED_BYTES);
        let mut inspection = InspectionHandle {
            preparation,
            search: None,
            partial: Vec::new(),
        };
        if let Preparation::SendAsIs(_) = inspection.preparation {
            let search = inspection.begun_search(&head);
            inspection.search = Some((search, std::mem::take(&mut inspection.partial)));
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
        match &self.preparation {
            Preparation::SendAsIs(Upload { wav, .. }) => *wav,
            Preparation::Rewrite(wav) => Some(*wav),
            _ => None,
        }
    }

    /// Hands the samples of the next bytes on, downmixed. Reads end anywhere, but
    /// what is handed on ends between frames, or the channels would change places.
    pub(super) fn decode(&mut self, mut bytes: &[u8], hear: &mut dyn FnMut(&[f32])) {
        let Some(wav) = self.wav() else {
            return;
        };
        let frame_bytes = wav.frame_bytes() as usize;
        // Not kept between blocks: thousands of calls may be read at the same time.
        let mut mono = Vec::new();
        let mut hand_on = |whole: &[u8]| {
            mono.clear();
            wav.coding.decode(whole, wav.channels, &mut mono);
            hear(&mono);
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

#[wasm_bindgen]
impl InspectionHandle {
    /// What is to be done where so many kbit/s are wanted, or WAV: `send` it as it
    /// is, `walk` through it first, `rewrite` or `decode` it.
    pub fn way(&self, kbps: Option<u32>) -> String {
        let way = match &self.preparation {
            Preparation::SendAsIs(upload)
                if wanted(false, kbps).makes_mp3_of(upload.sample_rate) =>
            {
                "rewrite"
            }
            Preparation::SendAsIs(_) => "send",
            Preparation::Walk => "walk",
            Preparation::Rewrite(_) => "rewrite",
            Preparation::Decode(_) => "decode",
        };
        way.into()
    }

    /// What is to be decoded looks like this.
    #[wasm_bindgen(getter)]
    pub fn container(&self) -> Option<String> {
        match &self.preparation {
            Preparation::Decode(container) => Some((*container).into()),
            _ => None,
        }
    }

    /// The samples of what is sent or rewritten:
    /// `{ sampleRate, channels, dataStart, dataBytes, durationSeconds, is16Bit }`.
    #[wasm_bindgen(getter, js_name = wav)]
    pub fn layout(&self) -> JsValue {
        let Some(wav) = self.wav() else {
            return JsValue::UNDEFINED;
        };
        let is_16_bit = wav.coding.fits_16_bits() && wav.channels == 1;
        object(&[
            ("sampleRate", wav.sample_rate.into()),
            ("channels", wav.channels.into()),
            ("dataStart", (wav.data_start as f64).into()),
            ("dataBytes", (wav.data_bytes as f64).into()),
            ("durationSeconds", wav.duration_seconds().into()),
            ("is16Bit", is_16_bit.into()),
        ])
    }

    /// What looks for speech in it, and has heard the first bytes already.
    pub fn search(&mut self) -> SearchHandle {
        let (search, partial) = self.search.take().unwrap_or_default();
        self.partial = partial;
        search
    }
}

/// Looks for speech until there surely is some.
#[wasm_bindgen]
#[derive(Default)]
pub struct SearchHandle {
    search: Option<SpeechSearch>,
    has_found: bool,
}

#[wasm_bindgen]
impl SearchHandle {
    /// Listens on, to the next bytes of what was inspected. `true`: there is speech,
    /// and the rest cannot change that.
    pub fn read(&mut self, inspection: &mut InspectionHandle, bytes: &[u8]) -> bool {
        if let Some(search) = &mut self.search {
            let has_found = &mut self.has_found;
            inspection.decode(bytes, &mut |mono| {
                *has_found = *has_found || search.push(mono);
            });
        }
        self.has_found
    }

    /// Whether there is nothing more to be known.
    #[wasm_bindgen(getter, js_name = hasFound)]
    pub fn has_found(&self) -> bool {
        self.has_found
    }

    /// Whether there was speech in what was heard.
    pub fn finish(&mut self) -> bool {
        let search = self.search.take();
        self.has_found || search.is_some_and(SpeechSearch::finish)
    }
}

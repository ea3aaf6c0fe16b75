//! The analyzer of audio that is sent unchanged, and the result of every analysis.

use std::rc::Rc;

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::browser::bindings::audio::inspection::AudioInspection;
use crate::browser::bindings::audio::no_samples_failure;
use crate::browser::js::object::object;
use crate::core::audio::analysis::Analyzer;
use crate::core::audio::downmix::Downmix;
use crate::core::audio::prepare::PreparedPcm;
use crate::core::audio::split::{longest, parts};

/// Analyzes audio without converting it. JavaScript must `free()` it.
#[wasm_bindgen]
pub struct SpeechAnalyzer {
    /// `None` after `finish()`.
    analyzer: Option<Analyzer>,
    sample_rate: u32,
    /// Set by the first `push()`.
    downmix: Option<Downmix>,
}

#[wasm_bindgen]
impl SpeechAnalyzer {
    /// Returns an analyzer at the start of audio of this rate.
    #[wasm_bindgen(constructor)]
    pub fn new(sample_rate: u32) -> SpeechAnalyzer {
        SpeechAnalyzer {
            analyzer: Some(Analyzer::new(sample_rate)),
            sample_rate,
            downmix: None,
        }
    }

    /// Takes the next samples, ±1 at full scale, in frames of `channels`.
    pub fn push(&mut self, samples: &[f32], channels: u16) {
        let downmix = self
            .downmix
            .get_or_insert_with(|| Downmix::new(channels, None));
        let mono = downmix.mix(samples);
        if let Some(analyzer) = &mut self.analyzer {
            analyzer.push(mono);
        }
    }

    /// Takes the next bytes of a WAV that was inspected.
    #[wasm_bindgen(js_name = pushWav)]
    pub fn push_wav(&mut self, inspection: &mut AudioInspection, bytes: &[u8]) {
        if let Some(analyzer) = &mut self.analyzer {
            inspection.decode(bytes, &mut |mono| analyzer.push(mono));
        }
    }

    /// Returns the channel that is better than the mean of all, if there is one, once all samples
    /// were taken.
    #[wasm_bindgen(js_name = betterChannel)]
    pub fn better_channel(&mut self) -> Option<u16> {
        self.downmix.as_mut().and_then(Downmix::better_channel)
    }

    /// Returns the analysis of all samples. `trim` leaves the silence around the speech out.
    pub fn finish(&mut self, trim: bool) -> Result<AudioAnalysis, JsValue> {
        let analyzer = self.analyzer.take().ok_or_else(no_samples_failure)?;
        let prepared = PreparedPcm::new(self.sample_rate, analyzer.finish(), trim);
        Ok(AudioAnalysis(Rc::new(prepared)))
    }
}

/// The properties of audio that was analyzed. JavaScript must `free()` it.
#[wasm_bindgen]
pub struct AudioAnalysis(pub(super) Rc<PreparedPcm>);

#[wasm_bindgen]
impl AudioAnalysis {
    /// Returns the properties of a `Take`; see `index.d.ts`.
    pub fn properties(&self) -> JsValue {
        let analysis = &self.0.analysis;
        object(&[
            ("durationSeconds", analysis.duration_seconds.into()),
            ("sampleRate", self.0.sample_rate.into()),
            ("offsetSeconds", self.0.offset_seconds().into()),
            ("peakDbfs", analysis.peak_dbfs.into()),
            ("rmsDbfs", analysis.rms_dbfs.into()),
            ("clippedRatio", analysis.clipped_ratio.into()),
            ("speechSeconds", analysis.speech_seconds.into()),
            (
                "leadingSilenceSeconds",
                analysis.leading_silence_seconds.into(),
            ),
            (
                "trailingSilenceSeconds",
                analysis.trailing_silence_seconds.into(),
            ),
            ("warnings", analysis.warnings().into()),
        ])
    }

    /// Returns the rate of the prepared samples, in Hz.
    #[wasm_bindgen(getter, js_name = sampleRate)]
    pub fn sample_rate(&self) -> u32 {
        self.0.sample_rate
    }

    /// Returns the index of the first sample after trimming.
    #[wasm_bindgen(getter)]
    pub fn start(&self) -> usize {
        self.0.range.start
    }

    /// Returns the index after the last sample that remains after trimming.
    #[wasm_bindgen(getter)]
    pub fn end(&self) -> usize {
        self.0.range.end
    }

    /// True if silence was trimmed off.
    #[wasm_bindgen(getter, js_name = isTrimmed)]
    pub fn is_trimmed(&self) -> bool {
        self.0.range != self.0.analysis.whole()
    }

    /// Returns the duration before trimming, in seconds.
    #[wasm_bindgen(getter, js_name = sourceDurationSeconds)]
    pub fn source_duration_seconds(&self) -> f64 {
        self.0.analysis.source_duration_seconds()
    }

    /// Returns the header of the WAV file after trimming.
    #[wasm_bindgen(js_name = wavHeader)]
    pub fn wav_header(&self, channels: u16) -> Vec<u8> {
        self.0.header(channels).to_vec()
    }

    /// Splits the recording in pauses, into parts of at most `maxSeconds`. A frame has
    /// `frameBytes`. Returns three numbers for each part: its start and end in seconds, and 1 if
    /// it ends within speech.
    pub fn split(&self, frame_bytes: u32, max_seconds: f64) -> Vec<f64> {
        let analysis = &self.0.analysis;
        let rate = analysis.rate();
        let longest = longest(rate, u64::from(frame_bytes), max_seconds);
        let seconds = |sample: usize| sample as f64 / f64::from(rate);
        let mut spans = Vec::new();
        for part in parts(analysis, longest) {
            spans.push(seconds(part.range.start));
            spans.push(seconds(part.range.end));
            spans.push(f64::from(part.cut_mid_speech));
        }
        spans
    }

    /// Returns another handle of the same analysis, to be freed separately.
    pub fn retain(&self) -> AudioAnalysis {
        AudioAnalysis(self.0.clone())
    }
}

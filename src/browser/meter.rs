//! The level of a live stream.

use wasm_bindgen::JsValue;
use web_sys::{AnalyserNode, AudioContext, MediaStream};

use super::context::audio_context;
use crate::core::audio::level::Level;

/// How many samples one reading covers: 43 ms at 48 kHz.
const WINDOW_SAMPLES: u32 = 2048;

/// Measures a stream; dropping it gives the audio context back, of which
/// browsers grant only a few.
pub struct Meter {
    context: AudioContext,
    analyser: AnalyserNode,
}

impl Meter {
    /// A meter on `stream`.
    pub fn new(stream: &MediaStream) -> Result<Self, JsValue> {
        let context = audio_context()?;
        let analyser = match connect(&context, stream) {
            Ok(analyser) => analyser,
            Err(problem) => {
                let _ = context.close();
                return Err(problem);
            }
        };
        // Started by a click it runs already; elsewhere it may not, and the
        // meter then stays at the bottom without harm to the recording.
        let _ = context.resume();
        Ok(Meter { context, analyser })
    }

    /// The level of the last moment.
    pub fn read(&self) -> Level {
        let mut samples = [0.0; WINDOW_SAMPLES as usize];
        self.analyser.get_float_time_domain_data(&mut samples);
        Level::of(&samples)
    }
}

fn connect(context: &AudioContext, stream: &MediaStream) -> Result<AnalyserNode, JsValue> {
    let analyser = context.create_analyser()?;
    analyser.set_fft_size(WINDOW_SAMPLES);
    context
        .create_media_stream_source(stream)?
        .connect_with_audio_node(&analyser)?;
    Ok(analyser)
}

impl Drop for Meter {
    fn drop(&mut self) {
        let _ = self.context.close();
    }
}

//! The bindings of the demuxer for the package's JavaScript.

use js_sys::Error;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::codec_config::CodecConfig;
use crate::demuxer::{self, DemuxError, Event, Packet};

const END: u8 = 0;
const MORE: u8 = 1;
const CODING: u8 = 2;
const PACKET: u8 = 3;
const SAMPLES: u8 = 4;

/// A recording that is being demuxed.
#[wasm_bindgen]
pub struct Demuxer {
    inner: demuxer::Demuxer,
    wanted: (u64, usize),
    packet: Option<Packet>,
}

impl Demuxer {
    fn config(&self) -> Option<&CodecConfig> {
        self.inner.config()
    }
}

#[wasm_bindgen]
impl Demuxer {
    /// Starts with a file of `total_bytes`.
    #[wasm_bindgen(constructor)]
    pub fn new(container: &str, total_bytes: f64) -> Result<Demuxer, Error> {
        Ok(Demuxer {
            inner: demuxer::Demuxer::open(container, total_bytes as u64).map_err(thrown)?,
            wanted: (0, 0),
            packet: None,
        })
    }

    /// Continues. Returns 0 at the end, 1 if bytes are needed, 2 for a codec configuration, 3 for a
    /// packet, 4 for samples. Throws a `NotSupportedError` for an unknown format, a
    /// `TruncatedError` for a file that ends too early, and another `Error` for a broken file.
    pub fn advance(&mut self) -> Result<u8, Error> {
        Ok(match self.inner.advance().map_err(thrown)? {
            Event::End => END,
            Event::More { at, length } => {
                self.wanted = (at, length);
                MORE
            }
            Event::CodecConfig => CODING,
            Event::Packet(packet) => {
                self.packet = Some(packet);
                if self.config().is_some_and(|config| config.pcm.is_some()) {
                    SAMPLES
                } else {
                    PACKET
                }
            }
        })
    }

    /// The start of the needed bytes.
    #[wasm_bindgen(getter, js_name = wantedAt)]
    pub fn wanted_at(&self) -> f64 {
        self.wanted.0 as f64
    }

    /// The end of the needed bytes.
    #[wasm_bindgen(getter, js_name = wantedEnd)]
    pub fn wanted_end(&self) -> f64 {
        self.wanted.0 as f64 + self.wanted.1 as f64
    }

    /// Supplies the needed bytes. Fewer bytes mean the end of the file.
    pub fn supply(&mut self, bytes: Vec<u8>) {
        self.inner.supply(self.wanted.0, bytes);
    }

    /// The codec string of WebCodecs.
    #[wasm_bindgen(getter)]
    pub fn codec(&self) -> Option<String> {
        self.config().map(|config| config.codec.clone())
    }

    /// The sample rate, in Hz.
    #[wasm_bindgen(getter, js_name = sampleRate)]
    pub fn sample_rate(&self) -> u32 {
        self.config().map_or(0, |config| config.sample_rate)
    }

    /// The number of channels.
    #[wasm_bindgen(getter)]
    pub fn channels(&self) -> u32 {
        self.config().map_or(0, |config| config.channels)
    }

    /// The data that the decoder needs before the first packet.
    #[wasm_bindgen(getter)]
    pub fn description(&self) -> Option<Vec<u8>> {
        self.config().and_then(|config| config.description.clone())
    }

    /// The duration of the padding at the start, in seconds.
    #[wasm_bindgen(getter, js_name = headTrimSeconds)]
    pub fn head_trim_seconds(&self) -> f64 {
        self.config().map_or(0.0, |config| config.head_trim_seconds)
    }

    /// The duration of the padding at the end, in seconds, as far as the file was read.
    #[wasm_bindgen(getter, js_name = tailTrimSeconds)]
    pub fn tail_trim_seconds(&self) -> f64 {
        self.inner.tail_trim_seconds()
    }

    /// The start of the packet, in microseconds.
    #[wasm_bindgen(getter)]
    pub fn timestamp(&self) -> f64 {
        self.packet.as_ref().map_or(0.0, |packet| packet.timestamp)
    }

    /// The duration of the packet, in microseconds.
    #[wasm_bindgen(getter)]
    pub fn duration(&self) -> Option<f64> {
        self.packet.as_ref().and_then(|packet| packet.duration)
    }

    /// Takes the data of the packet.
    pub fn data(&mut self) -> Vec<u8> {
        let packet = self.packet.as_mut();
        packet.map_or_else(Vec::new, |packet| std::mem::take(&mut packet.data))
    }

    /// Returns the samples of the packet, interleaved, full scale being ±1.
    pub fn samples(&mut self) -> Vec<f32> {
        let data = self.data();
        let pcm = self.config().and_then(|config| config.pcm);
        pcm.map_or_else(Vec::new, |pcm| pcm.decode(&data))
    }

    /// The duration of what is missing of the recording that the container promises, in seconds;
    /// infinite if unknown. Complete once the end was reached.
    #[wasm_bindgen(getter, js_name = missingSeconds)]
    pub fn missing_seconds(&self) -> f64 {
        self.inner.missing_seconds()
    }

    /// The duration of all packets so far, in seconds.
    #[wasm_bindgen(getter)]
    pub fn seconds(&self) -> f64 {
        self.inner.seconds()
    }
}

fn thrown(refusal: DemuxError) -> Error {
    let error = Error::new(&refusal.to_string());
    match refusal {
        // `AudioDecoder` uses the same name.
        DemuxError::Unsupported(_) => error.set_name("NotSupportedError"),
        DemuxError::Truncated(_) => error.set_name("TruncatedError"),
        DemuxError::Broken(_) => {}
    }
    error
}

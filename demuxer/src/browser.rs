//! The demuxer as the package's JavaScript sees it.

use js_sys::Error;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::demuxer::{self, Refusal};

/// A recording being taken apart.
#[wasm_bindgen]
pub struct Demuxer {
    inner: demuxer::Demuxer,
    timestamp: f64,
    duration: Option<f64>,
}

#[wasm_bindgen]
impl Demuxer {
    /// Opens the recording in `bytes`. What is of no known kind throws a
    /// `NotSupportedError`, what is broken another `Error`.
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: Vec<u8>, container: &str) -> Result<Demuxer, Error> {
        Ok(Demuxer {
            inner: demuxer::Demuxer::open(bytes, container).map_err(thrown)?,
            timestamp: 0.0,
            duration: None,
        })
    }

    /// The codec string of WebCodecs.
    #[wasm_bindgen(getter)]
    pub fn codec(&self) -> String {
        self.inner.coding().codec.clone()
    }

    /// In Hz.
    #[wasm_bindgen(getter, js_name = sampleRate)]
    pub fn sample_rate(&self) -> u32 {
        self.inner.coding().sample_rate
    }

    /// How many channels there are.
    #[wasm_bindgen(getter)]
    pub fn channels(&self) -> u32 {
        self.inner.coding().channels
    }

    /// What the decoder needs before the first packet.
    #[wasm_bindgen(getter)]
    pub fn description(&self) -> Option<Vec<u8>> {
        self.inner.coding().description.clone()
    }

    /// The next packet's data; `undefined` behind the last packet.
    #[wasm_bindgen(js_name = next)]
    pub fn next_packet(&mut self) -> Result<Option<Vec<u8>>, Error> {
        let Some(packet) = self.inner.next_packet().map_err(thrown)? else {
            return Ok(None);
        };
        self.timestamp = packet.timestamp;
        self.duration = packet.duration;
        Ok(Some(packet.data.into()))
    }

    /// When the packet starts that `next()` gave, in microseconds.
    #[wasm_bindgen(getter)]
    pub fn timestamp(&self) -> f64 {
        self.timestamp
    }

    /// How long the packet is that `next()` gave, in microseconds.
    #[wasm_bindgen(getter)]
    pub fn duration(&self) -> Option<f64> {
        self.duration
    }
}

fn thrown(refusal: Refusal) -> Error {
    let error = Error::new(&refusal.to_string());
    if matches!(refusal, Refusal::Unsupported(_)) {
        // The name that AudioDecoder gives to the same.
        error.set_name("NotSupportedError");
    }
    error
}

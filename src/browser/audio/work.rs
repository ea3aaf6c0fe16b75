//! From samples to a file, while they come.

use js_sys::{Array, Uint8Array};
use web_sys::Blob;

use super::encoder::encoded;
use super::{Made, Way};
use crate::browser::bytes::{new_blob, slice};
use crate::browser::error::Rejection;
use crate::browser::shelf::Shelf;
use crate::core::audio::MediaType;
use crate::core::audio::prepare::{Prepared, Preparer};
use crate::core::audio::wanted::Wanted;
use crate::core::error::Failure;

/// A take in the making.
pub struct Work {
    /// `None` once it is finished.
    preparer: Option<Preparer>,
    shelf: Shelf,
    /// What came of it.
    prepared: Option<Prepared>,
}

impl Work {
    /// Nothing yet.
    pub fn new(preparer: Preparer) -> Self {
        Work {
            preparer: Some(preparer),
            shelf: Shelf::default(),
            prepared: None,
        }
    }

    /// Takes the next samples.
    pub fn feed(&mut self, mono: &[f32]) {
        if let Some(preparer) = &mut self.preparer {
            preparer.push(mono, &mut self.shelf.pcm);
            self.shelf.tidy();
        }
    }

    /// Whether nothing was made so far.
    pub fn is_empty(&self) -> bool {
        self.shelf.is_empty()
    }

    /// All of it; asked again, the same, so that a browser that had no room for
    /// it may have some later.
    pub fn finish(&mut self, trim: bool) -> Result<Finished, Rejection> {
        if let Some(preparer) = self.preparer.take() {
            self.prepared = Some(preparer.finish(trim, &mut self.shelf.pcm)?);
        }
        let Some(prepared) = self.prepared.clone() else {
            return Err(Failure::audio("empty", "the recording holds no samples").into());
        };
        let (start, end) = prepared.kept_bytes(2);
        let samples = slice(&self.shelf.blob()?, start, end)?;
        Ok(Finished { prepared, samples })
    }
}

/// The mono 16-bit samples of a take that need a file around them.
pub struct Finished {
    prepared: Prepared,
    samples: Blob,
}

impl Finished {
    /// The file that is wanted.
    pub async fn file(self, wanted: Wanted) -> Result<Made, Rejection> {
        let sample_rate = self.prepared.sample_rate;
        match wanted.kbps_at(sample_rate) {
            None => file(self.prepared, 1, &self.samples),
            Some(kbps) => Ok(Made {
                blob: encoded(&self.samples, sample_rate, kbps).await?,
                way: Way::Encoded(self.prepared),
            }),
        }
    }
}

/// The WAV of these 16-bit samples.
pub fn file(prepared: Prepared, channels: u16, samples: &Blob) -> Result<Made, Rejection> {
    let header = Uint8Array::from(prepared.header(channels).as_slice());
    let parts = Array::of2(&header, samples);
    Ok(Made {
        blob: new_blob(&parts, MediaType::Wav.content_type())?,
        way: Way::Anew(prepared, channels),
    })
}
